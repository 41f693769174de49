// What the tests share: the SDKs' clients, names of models, the mock's log.
//
// Environment (run.sh sets it):
//   NARU_SDK_BASE_URL  where the SDKs call, with /v1
//   NARU_SDK_KEY       the credential it sends
//   NARU_SDK_MOCK      the mock's own address
//   NARU_SDK_VENDORS   providers to run against, "openai,anthropic,gemini"; empty: the SDK calls the mock itself (direct),
//                      which proves that the expectations are the vendor's own
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';

export const base_url = process.env.NARU_SDK_BASE_URL;
/** Without /v1, as Anthropic's and Google's SDKs want it. */
export const root_url = base_url.replace(/\/v1$/, '');
const key = process.env.NARU_SDK_KEY;
const mock = process.env.NARU_SDK_MOCK;
export const direct = !process.env.NARU_SDK_VENDORS;
/** The vendors that a client of the named vendor's form is tried against: directly only its own. */
export const vendors_of = (own) => (direct ? [own] : process.env.NARU_SDK_VENDORS.split(','));
export const vendors = vendors_of('openai');

export const client = (options = {}) => new OpenAI({ apiKey: key, baseURL: base_url, maxRetries: 0, timeout: 20_000, ...options });

/** `authToken: null`: nothing of the environment's is sent. */
export const anthropic = (options = {}) =>
  new Anthropic({ apiKey: key, authToken: null, baseURL: root_url, maxRetries: 0, timeout: 20_000, ...options });
export const google = (options = {}) =>
  new GoogleGenAI({ apiKey: key, vertexai: false, httpOptions: { baseUrl: root_url, timeout: 20_000 }, ...options });

/** The model that makes the vendor's mock answer as the directive says. */
export const model = (vendor, directive) => (direct ? directive : `${vendor}--${directive}`);

export const user = (content) => [{ role: 'user', content }];

/** A PNG of one pixel, 70 bytes, as base64. */
export const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** The parameters that the mock's calls fit. */
export const place = {
  type: 'object',
  properties: { city: { type: 'string' }, unit: { type: 'string', enum: ['celsius', 'fahrenheit'] } },
  required: ['city'],
};

/** A schema for answers, and what the mock makes of it. */
export const weather_schema = {
  type: 'object',
  properties: { city: { type: 'string' }, degrees: { type: 'integer' }, sky: { type: 'string', enum: ['clear', 'grey'] } },
  required: ['city', 'degrees', 'sky'],
  additionalProperties: false,
};
export const weather_answer = { city: 'text', degrees: 7, sky: 'clear' };

let marks = 0;
/** A text that finds its request again in the mock's log. Letters alone: one row of digits in ten would be a card's number to a detector. */
export const mark = () => `mark-${[process.pid, ++marks, Date.now()].map((n) => `${n}`.replace(/\d/g, (d) => 'bcdfghjklm'[d])).join('-')}`;

/** The mock's log entries whose body contains `text`. */
export async function seen(text) {
  const answer = await fetch(`${mock}/__mock/log`);
  const { requests } = await answer.json();
  return requests.filter((r) => r.body.includes(text));
}

/** Waits until the mock has seen the request with `text` closed by its peer; how many ms after `left_at`, undefined when never. */
export async function closed_after(text, left_at) {
  const request = await until(async () => (await seen(text)).find((r) => r.closed_early));
  return request && request.at_unix_ms + request.closed_after_ms - left_at;
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
