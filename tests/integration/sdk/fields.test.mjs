import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import OpenAI from 'openai';
import { client, collect, failure, mark, model, pixel, seen, user, vendors, weather_answer, weather_schema } from './support.mjs';

const has_seed = ['openai', 'gemini'];
const has_logprobs = ['openai', 'gemini'];

const refuses = async (promise, field) => {
  const error = await failure(promise);
  assert.ok(error instanceof OpenAI.BadRequestError, `${error}`);
  assert.ok(error.param?.includes(field) || error.message.includes(field), `names ${field}: ${error.param}, ${error.message}`);
};

for (const vendor of vendors) {
  describe(`fields, ${vendor}`, () => {
    const ask = (directive, more) => client().chat.completions.create({ model: model(vendor, directive), messages: user('hi'), ...more });

    test('an image as a data URL is seen', async () => {
      const content = [
        { type: 'text', text: 'What is this?' },
        { type: 'image_url', image_url: { url: `data:image/png;base64,${pixel}`, detail: 'auto' } },
      ];
      const answer = await ask('vision', { messages: [{ role: 'user', content }] });
      assert.equal(answer.choices[0].message.content, 'I see 1 image(s); image/png, 70 bytes.');
    });

    test('a JSON schema is kept to', async () => {
      const json_schema = { name: 'weather', schema: weather_schema, strict: true };
      const answer = await ask('json', { response_format: { type: 'json_schema', json_schema } });
      assert.deepEqual(JSON.parse(answer.choices[0].message.content), weather_answer);
    });

    test('stop sequences stop', async () => {
      for (const stop of ['from', ['nothing like it', 'from']]) {
        const answer = await ask('ok', { stop });
        assert.equal(answer.choices[0].message.content, 'Hello ');
        assert.equal(answer.choices[0].finish_reason, 'stop');
      }
    });

    test('temperature and top_p arrive', async () => {
      const word = mark();
      await ask('ok', { messages: user(word), temperature: 0.5, top_p: 0.25 });
      const [request] = await seen(word);
      assert.match(request.body, /"temperature":\s*0\.5\b/);
      assert.match(request.body, /"top_?[pP]":\s*0\.25\b/);
    });

    test('a seed arrives where the vendor has seeds, else the refusal names it', async () => {
      const word = mark();
      if (!has_seed.includes(vendor)) return refuses(ask('ok', { seed: 4711 }), 'seed');
      await ask('ok', { messages: user(word), seed: 4711 });
      const [request] = await seen(word);
      assert.match(request.body, /"seed":\s*4711\b/);
    });

    test('log probabilities come where the vendor has them, else the refusal names them', async () => {
      if (!has_logprobs.includes(vendor)) return refuses(ask('ok', { logprobs: true, top_logprobs: 2 }), 'logprobs');
      const answer = await ask('ok', { logprobs: true, top_logprobs: 2 });
      const tokens = answer.choices[0].logprobs.content;
      assert.equal(tokens.map((t) => t.token).join(''), 'Hello from the mock.');
      assert.equal(tokens[0].logprob, -0.25);
      assert.equal(tokens[0].top_logprobs.length, 2);
      const chunks = await collect(await ask('ok', { logprobs: true, top_logprobs: 2, stream: true }));
      const streamed = chunks.flatMap((c) => c.choices[0]?.logprobs?.content ?? []);
      assert.equal(streamed.map((t) => t.token).join(''), 'Hello from the mock.');
    });

    test('a value out of its range is refused with its name', async () => {
      await refuses(ask('ok', { temperature: 9 }), 'temperature');
      await refuses(ask('ok', { messages: [] }), 'messages');
      await refuses(ask('ok', { messages: [{ role: 'nobody', content: 'x' }] }), 'role');
    });
  });
}
