import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import OpenAI from 'openai';
import { base_url, client, collect, direct, failure, model, user, vendors } from './support.mjs';

describe('errors of the gateway itself', () => {
  test('a wrong key is an AuthenticationError', async () => {
    const stranger = client({ apiKey: 'sk-nobody-knows-this-one' });
    const error = await failure(stranger.chat.completions.create({ model: model(vendors[0], 'ok'), messages: user('hi') }));
    assert.ok(error instanceof OpenAI.AuthenticationError, `${error}`);
    assert.ok(!error.message.includes('nobody-knows'), 'the key is not told back');
  });

  test('an unknown model is a NotFoundError', async () => {
    const error = await failure(client().chat.completions.create({ model: direct ? 'status-404' : 'no-such-model', messages: user('hi') }));
    assert.ok(error instanceof OpenAI.NotFoundError, `${error}`);
    assert.equal(error.code, 'model_not_found');
  });

  test('an unknown path is a NotFoundError', async () => {
    const error = await failure(client().post('/no/such/path', { body: {} }));
    assert.ok(error instanceof OpenAI.NotFoundError, `${error}`);
  });

  test('a body that is not JSON is refused', async () => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${process.env.NARU_SDK_KEY}` };
    const answer = await fetch(`${base_url}/chat/completions`, { method: 'POST', headers, body: '{"model":' });
    assert.equal(answer.status, 400);
    assert.equal(typeof (await answer.json()).error.message, 'string');
  });

  test("a vendor's refusal of our own key is not the client's 401", { skip: direct }, async () => {
    const error = await failure(client().chat.completions.create({ model: 'openai--denied', messages: user('hi') }));
    assert.ok(error instanceof OpenAI.InternalServerError, `${error}`);
    assert.equal(error.status, 502);
  });
});

for (const vendor of vendors) {
  describe(`errors, ${vendor}`, () => {
    const ask = (directive, more = {}) => client().chat.completions.create({ model: model(vendor, directive), messages: user('hi'), ...more });

    test('too many requests is a RateLimitError with its wait', async () => {
      // On an account of its own: the gateway leaves a limited one alone for that long.
      const limited = { model: model(vendor, direct ? 'status-429-retry-2' : 'limited') };
      const error = await failure(ask('ok', limited));
      assert.ok(error instanceof OpenAI.RateLimitError, `${error}`);
      assert.ok(Number(error.headers.get('retry-after')) >= 1);
    });

    for (const status of [500, 503, 529]) {
      test(`${status} is an InternalServerError`, async () => {
        const error = await failure(ask(`status-${status}`));
        assert.ok(error instanceof OpenAI.InternalServerError, `${error}`);
        // The gateway has tried what could be tried: the SDK must not triple that.
        if (!direct) assert.equal(error.headers.get('x-should-retry'), 'false');
      });
    }

    test('a prompt that is too long is a BadRequestError', async () => {
      const error = await failure(ask('ctx'));
      assert.ok(error instanceof OpenAI.BadRequestError, `${error}`);
      if (vendor === 'openai') assert.equal(error.code, 'context_length_exceeded');
    });

    test('a prompt that the vendor forbids does not look answered', async () => {
      // OpenAI and Anthropic answer 400; Gemini's blocked prompt is a 200 without candidates.
      let finish;
      const error = await failure(
        ask('content-policy').then((answer) => {
          finish = answer.choices[0].finish_reason;
          throw new Error('answered');
        }),
      );
      assert.ok(error instanceof OpenAI.BadRequestError || finish === 'content_filter', `${error}, ${finish}`);
    });

    for (const directive of ['reset-before', 'badjson', 'empty', 'long-length']) {
      test(`${directive} is an error, not an answer`, { skip: direct }, async () => {
        const error = await failure(ask(directive));
        assert.ok(error instanceof OpenAI.InternalServerError, `${error}`);
      });
    }

    test('an error before the first content has its true status', { skip: direct }, async () => {
      const error = await failure(ask('error-frame-first', { stream: true }));
      assert.ok(error instanceof OpenAI.InternalServerError, `${error}`);
    });

    // The SDK itself takes a stream that merely ends for a whole one, so only the gateway can tell these.
    // Paced, so that content is under way before the break: what comes in one read may still be answered with a true status.
    const broken = ['error-frame', 'reset', 'silent-end', 'cut', 'badsse'].map((fault) => `${fault}-after-3+paced-9x20`);
    for (const directive of direct ? broken.slice(0, 1) : broken) {
      test(`a stream broken by ${directive} raises after its content`, async () => {
        const stream = await ask(directive, { stream: true });
        const chunks = [];
        const error = await failure(
          (async () => {
            for await (const chunk of stream) chunks.push(chunk);
          })(),
        );
        assert.ok(error instanceof OpenAI.APIError, `${error}`);
        assert.ok(chunks.some((c) => c.choices[0]?.delta?.content), 'content had come');
        assert.ok(!chunks.some((c) => c.choices[0]?.finish_reason), 'and no end');
      });
    }

    test('comments and pings in a stream are no content', async () => {
      const chunks = await collect(await ask('pings+ok', { stream: true }));
      assert.equal(chunks.map((c) => c.choices[0]?.delta?.content ?? '').join(''), 'Hello from the mock.');
    });

    test("the SDK's own retries find the way back", { skip: !direct }, async () => {
      const mock = process.env.NARU_SDK_MOCK;
      const body = JSON.stringify({ model: 'retried', answers: ['status-500', 'status-429-retryms-10'] });
      await fetch(`${mock}/__mock/script`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      const answer = await client({ maxRetries: 2 }).chat.completions.create({ model: 'retried', messages: user('hi') });
      assert.equal(answer.choices[0].message.content, 'Hello from the mock.');
    });
  });
}
