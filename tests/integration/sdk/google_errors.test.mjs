import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ApiError } from '@google/genai';
import { collect, direct, failure, google, model, root_url, vendors_of } from './support.mjs';

const vendors = vendors_of('gemini');

/** The error in Google's form, which the SDK puts into its message. */
function is(error, ...statuses) {
  assert.ok(error instanceof ApiError, `${error}`);
  assert.ok(statuses.includes(error.status), `${error.status}: ${error.message}`);
  const told = JSON.parse(error.message).error;
  assert.equal(told.code, error.status);
  assert.equal(typeof told.message, 'string');
  assert.match(told.status, /^[A-Z_]+$/);
  return told;
}

describe("errors of the gateway itself, to Google's SDK", () => {
  const ask = (client, name) => failure(client.models.generateContent({ model: name, contents: 'hi' }));

  test('a wrong key is told', async () => {
    const error = await ask(google({ apiKey: 'nobody-knows-this-one' }), model(vendors[0], 'ok'));
    is(error, 400, 401);
    assert.ok(!error.message.includes('nobody-knows'), 'the key is not told back');
  });

  test('an unknown model is NOT_FOUND', async () => {
    assert.equal(is(await ask(google(), direct ? 'status-404' : 'no-such-model'), 404).status, 'NOT_FOUND');
  });

  test('a count for an unknown model is NOT_FOUND', { skip: direct }, async () => {
    is(await failure(google().models.countTokens({ model: 'no-such-model', contents: 'hi' })), 404);
  });

  test('a body that is not JSON is refused', async () => {
    const headers = { 'content-type': 'application/json', 'x-goog-api-key': process.env.NARU_SDK_KEY };
    const answer = await fetch(`${root_url}/v1beta/models/${model(vendors[0], 'ok')}:generateContent`, { method: 'POST', headers, body: '{"contents":' });
    assert.equal(answer.status, 400);
    assert.equal((await answer.json()).error.status, 'INVALID_ARGUMENT');
  });

  test("a vendor's refusal of our own key is not the client's 401", { skip: direct }, async () => {
    is(await ask(google(), 'gemini--denied'), 502);
  });
});

for (const vendor of vendors) {
  describe(`errors to Google's SDK, ${vendor}`, () => {
    const asked = (directive, config = {}, name = model(vendor, directive)) => ({ model: name, contents: 'hi', config });
    const ask = (...what) => google().models.generateContent(asked(...what));
    const stream = (...what) => google().models.generateContentStream(asked(...what));

    test('too many requests is RESOURCE_EXHAUSTED with its wait', async () => {
      // On an account of its own: the gateway leaves a limited one alone for that long.
      const told = is(await failure(ask('', {}, model(vendor, direct ? 'status-429-retry-2' : 'limited'))), 429);
      assert.equal(told.status, 'RESOURCE_EXHAUSTED');
      const wait = told.details.find((detail) => detail['@type'].endsWith('RetryInfo'));
      assert.ok(parseFloat(wait.retryDelay) > 0, `${wait.retryDelay}`);
    });

    for (const status of [500, 503]) {
      test(`${status} is a server's error`, async () => {
        is(await failure(ask(`status-${status}`)), 500, 502, 503);
        is(await failure(stream(`status-${status}`)), 500, 502, 503);
      });
    }

    test('a prompt that is too long is INVALID_ARGUMENT', async () => {
      assert.equal(is(await failure(ask('ctx')), 400).status, 'INVALID_ARGUMENT');
    });

    test('a prompt that the vendor forbids does not look answered', async () => {
      const outcome = await ask('content-policy').then((a) => a.promptFeedback?.blockReason ?? a.candidates?.[0]?.finishReason, (error) => error);
      if (outcome instanceof Error) is(outcome, 400);
      else assert.ok(['SAFETY', 'PROHIBITED_CONTENT', 'OTHER'].includes(outcome), outcome);
    });

    test('a value out of its range is refused with its name', async () => {
      assert.match(is(await failure(ask('ok', { temperature: 9 })), 400).message, /temperature/);
      // The mock of this vendor takes any number here.
      if (!direct) assert.match(is(await failure(ask('ok', { maxOutputTokens: -1 })), 400).message, /max_?output_?tokens/i);
    });

    for (const directive of ['reset-before', 'badjson', 'empty', 'long-length']) {
      test(`${directive} is an error, not an answer`, { skip: direct }, async () => {
        is(await failure(ask(directive)), 500, 502, 503, 504);
      });
    }

    test('an error before the first content has its true status', { skip: direct }, async () => {
      is(await failure(stream('error-frame-first')), 500, 502, 503);
    });

    // The SDK itself takes a stream that merely ends for a whole one, so only the gateway can tell these.
    for (const fault of direct ? [] : ['error-frame', 'reset', 'silent-end', 'cut', 'badsse']) {
      test(`a stream broken by ${fault} raises after its content`, async () => {
        const chunks = [];
        const error = await failure(
          (async () => {
            for await (const chunk of await stream(`${fault}-after-3+paced-9x20`)) chunks.push(chunk);
          })(),
        );
        assert.ok(error instanceof Error, `${error}`);
        assert.ok(chunks.some((chunk) => chunk.text), 'content had come');
        assert.ok(!chunks.some((chunk) => chunk.candidates?.[0]?.finishReason === 'STOP'), 'and no end');
      });
    }

    test('comments and pings in a stream are no content', async () => {
      const chunks = await collect(await stream('pings+ok'));
      assert.equal(chunks.map((chunk) => chunk.text ?? '').join(''), 'Hello from the mock.');
    });
  });
}
