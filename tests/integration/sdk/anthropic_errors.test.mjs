import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { anthropic, collect, direct, failure, model, root_url, user, vendors_of } from './support.mjs';

const vendors = vendors_of('anthropic');
const request = (name, more = {}) => ({ model: name, max_tokens: 1024, messages: user('hi'), ...more });

const is = (error, type, word) => {
  assert.ok(error instanceof type, `${error}`);
  assert.equal(error.error?.type, 'error', `the body is Anthropic's: ${JSON.stringify(error.error)}`);
  assert.equal(error.type, word);
  assert.equal(typeof error.error.error.message, 'string');
  assert.ok(error.requestID);
};

describe("errors of the gateway itself, to Anthropic's SDK", () => {
  test('a wrong key is an AuthenticationError', async () => {
    const stranger = anthropic({ apiKey: 'sk-nobody-knows-this-one' });
    const error = await failure(stranger.messages.create(request(model(vendors[0], 'ok'))));
    is(error, Anthropic.AuthenticationError, 'authentication_error');
    assert.ok(!error.message.includes('nobody-knows'), 'the key is not told back');
  });

  test('the key may come as a bearer token', async () => {
    const bearer = anthropic({ apiKey: null, authToken: process.env.NARU_SDK_KEY });
    const answer = await bearer.messages.create(request(model(vendors[0], 'ok')));
    assert.equal(answer.content[0].text, 'Hello from the mock.');
  });

  test('an unknown model is a NotFoundError', async () => {
    const error = await failure(anthropic().messages.create(request(direct ? 'status-404' : 'no-such-model')));
    is(error, Anthropic.NotFoundError, 'not_found_error');
  });

  test('a count for an unknown model is a NotFoundError', { skip: direct }, async () => {
    const error = await failure(anthropic().messages.countTokens({ model: 'no-such-model', messages: user('hi') }));
    is(error, Anthropic.NotFoundError, 'not_found_error');
  });

  test('a body that is not JSON is refused', async () => {
    const headers = { 'content-type': 'application/json', 'x-api-key': process.env.NARU_SDK_KEY, 'anthropic-version': '2023-06-01' };
    const answer = await fetch(`${root_url}/v1/messages`, { method: 'POST', headers, body: '{"model":' });
    assert.equal(answer.status, 400);
    const body = await answer.json();
    assert.equal(body.type, 'error');
    assert.equal(body.error.type, 'invalid_request_error');
  });

  test("a vendor's refusal of our own key is not the client's 401", { skip: direct }, async () => {
    const error = await failure(anthropic().messages.create(request('anthropic--denied')));
    is(error, Anthropic.InternalServerError, 'api_error');
    assert.equal(error.status, 502);
  });
});

for (const vendor of vendors) {
  describe(`errors to Anthropic's SDK, ${vendor}`, () => {
    const ask = (directive, more = {}) => anthropic().messages.create(request(model(vendor, directive), more));

    test('too many requests is a RateLimitError with its wait', async () => {
      // On an account of its own: the gateway leaves a limited one alone for that long.
      const error = await failure(ask('ok', { model: model(vendor, direct ? 'status-429-retry-2' : 'limited') }));
      is(error, Anthropic.RateLimitError, 'rate_limit_error');
      assert.ok(Number(error.headers.get('retry-after')) >= 1);
    });

    for (const status of [500, 503, 529]) {
      test(`${status} is an InternalServerError`, async () => {
        const error = await failure(ask(`status-${status}`));
        assert.ok(error instanceof Anthropic.InternalServerError, `${error}`);
        assert.ok(['api_error', 'overloaded_error'].includes(error.type), error.type);
        // The gateway has tried what could be tried: the SDK must not triple that.
        if (!direct) assert.equal(error.headers.get('x-should-retry'), 'false');
      });
    }

    test('a prompt that is too long is a BadRequestError, in the words that Claude Code looks for', async () => {
      const error = await failure(ask('ctx'));
      is(error, Anthropic.BadRequestError, 'invalid_request_error');
      assert.match(error.message, /prompt is too long/);
    });

    test('a prompt that the vendor forbids does not look answered', async () => {
      // OpenAI and Anthropic answer 400; Gemini's blocked prompt is a 200 without candidates.
      const outcome = await ask('content-policy').then((answer) => answer.stop_reason, (error) => error);
      assert.ok(outcome instanceof Anthropic.BadRequestError || outcome === 'refusal', `${outcome}`);
    });

    test('a field of the wrong kind is named', async () => {
      for (const [field, value] of Object.entries({ max_tokens: -1, temperature: 'warm', messages: [], tool_choice: 7 })) {
        const error = await failure(ask('ok', { [field]: value }));
        is(error, Anthropic.BadRequestError, 'invalid_request_error');
        assert.ok(error.message.includes(field), `names ${field}: ${error.message}`);
      }
    });

    for (const directive of ['reset-before', 'badjson', 'empty', 'long-length']) {
      test(`${directive} is an error, not an answer`, { skip: direct }, async () => {
        const error = await failure(ask(directive));
        is(error, Anthropic.InternalServerError, 'api_error');
      });
    }

    test('an error before the first content has its true status', { skip: direct }, async () => {
      const error = await failure(ask('error-frame-first', { stream: true }));
      assert.ok(error instanceof Anthropic.InternalServerError, `${error}`);
      assert.ok(error.status >= 500);
    });

    // The SDK itself takes a stream that merely ends for a whole one, so only the gateway can tell these.
    const broken = ['error-frame', 'reset', 'silent-end', 'cut', 'badsse'].map((fault) => `${fault}-after-3+paced-9x20`);
    for (const directive of direct ? broken.slice(0, 1) : broken) {
      test(`a stream broken by ${directive} raises after its content`, async () => {
        const stream = await ask(directive, { stream: true });
        const events = [];
        const error = await failure(
          (async () => {
            for await (const event of stream) events.push(event);
          })(),
        );
        assert.ok(error instanceof Anthropic.APIError, `${error}`);
        assert.ok(!(error instanceof Anthropic.APIConnectionError), `it was told, not hung up: ${error}`);
        assert.ok(['api_error', 'overloaded_error', 'timeout_error'].includes(error.type), `${error.type}`);
        assert.ok(events.some((event) => event.delta?.type === 'text_delta'), 'content had come');
        assert.ok(!events.some((event) => event.type === 'message_stop'), 'and no end');
      });
    }

    test('comments and pings in a stream are no content', async () => {
      const events = await collect(await ask('pings+ok', { stream: true }));
      assert.equal(events.map((event) => event.delta?.text ?? '').join(''), 'Hello from the mock.');
    });
  });
}
