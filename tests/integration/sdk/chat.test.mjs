import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { client, collect, direct, finish_of, mark, model, seen, text_of, user, vendors } from './support.mjs';

for (const vendor of vendors) {
  describe(`chat, ${vendor}`, () => {
    test('a question gets an answer with its usage', async () => {
      const answer = await client().chat.completions.create({ model: model(vendor, 'ok'), messages: user('hello there') });
      assert.equal(answer.object, 'chat.completion');
      assert.equal(answer.choices.length, 1);
      assert.equal(answer.choices[0].message.role, 'assistant');
      assert.equal(answer.choices[0].message.content, 'Hello from the mock.');
      assert.equal(answer.choices[0].finish_reason, 'stop');
      // The mock counts four bytes a token: 11 bytes asked, 20 answered.
      assert.equal(answer.usage.prompt_tokens, 3);
      assert.equal(answer.usage.completion_tokens, 5);
      assert.equal(answer.usage.total_tokens, 8);
      assert.ok(answer._request_id);
    });

    test('system, several turns and Korean arrive as they were written', async () => {
      const word = mark();
      const messages = [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'first' },
        { role: 'assistant', content: 'second' },
        { role: 'user', content: [{ type: 'text', text: `안녕하세요, "나루" \\ ${word} 🛶` }] },
      ];
      const answer = await client().chat.completions.create({ model: model(vendor, 'echo'), messages });
      assert.equal(answer.choices[0].message.content, `안녕하세요, "나루" \\ ${word} 🛶`);
      const [request] = await seen(word);
      for (const text of ['Be brief.', 'first', 'second']) assert.ok(request.body.includes(text), text);
    });

    test('a stream says the same as an answer, and ends', async () => {
      const stream = await client().chat.completions.create({ model: model(vendor, 'ok'), messages: user('hi'), stream: true });
      const chunks = await collect(stream);
      assert.equal(chunks[0].object, 'chat.completion.chunk');
      assert.equal(chunks[0].choices[0].delta.role, 'assistant');
      assert.equal(text_of(chunks), 'Hello from the mock.');
      assert.equal(finish_of(chunks), 'stop');
      assert.equal(new Set(chunks.map((c) => c.id)).size, 1);
    });

    test('a long stream loses nothing', async () => {
      const stream = await client().chat.completions.create({ model: model(vendor, 'sse-200x64'), messages: user('hi'), stream: true });
      const chunks = await collect(stream);
      assert.equal(text_of(chunks).length, 200 * 64);
      assert.ok(chunks.filter((c) => c.choices[0]?.delta?.content).length > 20, 'it came in pieces');
    });

    test('a usage chunk comes only when it is asked for', async () => {
      const ask = (more) =>
        client().chat.completions.create({ model: model(vendor, 'ok'), messages: user('hello there'), stream: true, ...more });
      const without = await collect(await ask({}));
      assert.ok(without.every((c) => c.choices.length === 1 && !c.usage));
      const with_usage = await collect(await ask({ stream_options: { include_usage: true } }));
      const last = with_usage.at(-1);
      assert.deepEqual(last.choices, []);
      assert.equal(last.usage.prompt_tokens, 3);
      assert.equal(last.usage.completion_tokens, 5);
      assert.ok(with_usage.slice(0, -1).every((c) => !c.usage));
    });

    test('the token limit ends an answer with "length"', async () => {
      const answer = await client().chat.completions.create({ model: model(vendor, 'ok'), messages: user('hi'), max_completion_tokens: 3 });
      assert.equal(answer.choices[0].message.content, 'Hello from t');
      assert.equal(answer.choices[0].finish_reason, 'length');
    });

    test('cached and reasoning tokens are told apart', async () => {
      const question = 'x'.repeat(400);
      const cached = await client().chat.completions.create({ model: model(vendor, 'cached-60'), messages: user(question) });
      assert.equal(cached.usage.prompt_tokens, 100);
      assert.equal(cached.usage.prompt_tokens_details.cached_tokens, 60);
      const thought = await client().chat.completions.create({ model: model(vendor, 'think'), messages: user('hi') });
      assert.equal(thought.choices[0].message.content, 'The answer is 42.');
      // 17 bytes said and 37 thought: 5 + 10.
      assert.equal(thought.usage.completion_tokens, 15);
      // Anthropic bills thinking as output and says no number for it.
      if (vendor !== 'anthropic') assert.equal(thought.usage.completion_tokens_details.reasoning_tokens, 10);
    });

    test('a refusal does not look like an ordinary end', async () => {
      const answer = await client().chat.completions.create({ model: model(vendor, 'refuse'), messages: user('hi') });
      if (vendor === 'openai') assert.equal(answer.choices[0].message.refusal, 'I cannot help with that.');
      else assert.equal(answer.choices[0].finish_reason, 'content_filter');
    });

    test('the answer says where it came from', { skip: direct }, async () => {
      const { response } = await client().chat.completions.create({ model: model(vendor, 'ok'), messages: user('hi') }).withResponse();
      assert.equal(response.headers.get('x-naru-model'), model(vendor, 'ok'));
      assert.equal(response.headers.get('x-naru-deployment'), `${vendor}/ok`);
      assert.equal(response.headers.get('set-cookie'), null);
      assert.equal(response.headers.get('openai-organization'), null);
    });
  });
}
