// What the tests share: the SDK's client, names of models, the mock's log.
//
// Environment (run.sh sets it):
//   NARU_SDK_BASE_URL  where the SDK calls, with /v1
//   NARU_SDK_KEY       the credential it sends
//   NARU_SDK_MOCK      the mock's own address
//   NARU_SDK_VENDORS   providers to run against, "openai,anthropic,gemini"; empty: the SDK calls the mock itself (direct),
//                      which proves that the expectations are the vendor's own
import OpenAI from 'openai';

export const base_url = process.env.NARU_SDK_BASE_URL;
const key = process.env.NARU_SDK_KEY;
const mock = process.env.NARU_SDK_MOCK;
export const direct = !process.env.NARU_SDK_VENDORS;
export const vendors = direct ? ['openai'] : process.env.NARU_SDK_VENDORS.split(',');

export const client = (options = {}) => new OpenAI({ apiKey: key, baseURL: base_url, maxRetries: 0, timeout: 20_000, ...options });

/** The model that makes the vendor's mock answer as the directive says. */
export const model = (vendor, directive) => (direct ? directive : `${vendor}--${directive}`);

export const user = (content) => [{ role: 'user', content }];

let marks = 0;
/** A text that finds its request again in the mock's log. */
export const mark = () => `mark-${process.pid}-${++marks}-${Date.now()}`;

/** The mock's log entries whose body contains `text`. */
export async function seen(text) {
  const answer = await fetch(`${mock}/__mock/log`);
  const { requests } = await answer.json();
  return requests.filter((r) => r.body.includes(text));
}

/** Asks again and again until `found` gives something; undefined after `limit` ms. */
export async function until(found, limit = 5000) {
  for (const end = Date.now() + limit; Date.now() < end; ) {
    const got = await found();
    if (got) return got;
    await new Promise((next) => setTimeout(next, 20));
  }
  return undefined;
}

export async function collect(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

export const text_of = (chunks) => chunks.map((c) => c.choices[0]?.delta?.content ?? '').join('');
export const finish_of = (chunks) => chunks.map((c) => c.choices[0]?.finish_reason).find(Boolean);

/** Tool calls put together from a stream's pieces, by index. */
export function calls_of(chunks) {
  const calls = [];
  for (const piece of chunks.flatMap((c) => c.choices[0]?.delta?.tool_calls ?? [])) {
    const call = (calls[piece.index] ??= { id: '', name: '', arguments: '', pieces: 0 });
    call.id += piece.id ?? '';
    call.name += piece.function?.name ?? '';
    call.arguments += piece.function?.arguments ?? '';
    call.pieces += 1;
  }
  return calls;
}

/** What the promise was rejected with. */
export async function failure(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it succeeded');
}
