import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { anthropic, closed_after, collect, direct, mark, model, pixel, seen, until, user, vendors_of, weather_answer, weather_schema } from './support.mjs';

const text_of = (message) => message.content.filter((block) => block.type === 'text').map((block) => block.text).join('');
const thinking_of = (message) => message.content.filter((block) => block.type === 'thinking').map((block) => block.thinking).join('');

for (const vendor of vendors_of('anthropic')) {
  describe(`Anthropic's SDK, ${vendor}`, () => {
    const asked = (directive, more = {}) => ({ model: model(vendor, directive), max_tokens: 4096, messages: user('hello there'), ...more });
    const ask = (directive, more) => anthropic().messages.create(asked(directive, more));

    test('a question gets a message with its usage', async () => {
      const answer = await ask('ok');
      assert.equal(answer.type, 'message');
      assert.equal(answer.role, 'assistant');
      assert.deepEqual(answer.content.map((block) => block.type), ['text']);
      assert.equal(text_of(answer), 'Hello from the mock.');
      assert.equal(answer.stop_reason, 'end_turn');
      assert.equal(answer.stop_sequence, null);
      // The mock counts four bytes a token: 11 bytes asked, 20 answered.
      assert.equal(answer.usage.input_tokens, 3);
      assert.equal(answer.usage.output_tokens, 5);
      assert.ok(answer.id);
      assert.ok(answer._request_id);
    });

    test('system, several turns and Korean arrive as they were written', async () => {
      const word = mark();
      const messages = [
        { role: 'user', content: 'first' },
        { role: 'assistant', content: [{ type: 'text', text: 'second' }] },
        { role: 'user', content: [{ type: 'text', text: `안녕하세요, "나루" \\ ${word} 🛶` }] },
      ];
      for (const system of ['Be brief.', [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }]]) {
        const answer = await ask('echo', { system, messages });
        assert.equal(text_of(answer), `안녕하세요, "나루" \\ ${word} 🛶`);
      }
      const requests = await seen(word);
      assert.equal(requests.length, 2);
      for (const { body } of requests) for (const text of ['Be brief.', 'first', 'second']) assert.ok(body.includes(text), text);
    });

    test('the events of a stream come in their order', async () => {
      const events = await collect(await ask('ok', { stream: true }));
      const types = events.map((event) => event.type);
      assert.equal(types[0], 'message_start');
      assert.deepEqual(types.slice(-3), ['content_block_stop', 'message_delta', 'message_stop']);
      assert.equal(types.filter((type) => type === 'message_delta').length, 1);
      assert.equal(events[0].message.role, 'assistant');
      assert.equal(events[0].message.stop_reason, null);
      const deltas = events.filter((event) => event.type === 'content_block_delta');
      assert.ok(deltas.every((event) => event.index === 0 && event.delta.type === 'text_delta'));
      assert.equal(deltas.map((event) => event.delta.text).join(''), 'Hello from the mock.');
      const { delta, usage } = events.at(-2);
      assert.equal(delta.stop_reason, 'end_turn');
      assert.equal(usage.output_tokens, 5);
    });

    test("the SDK's own stream helper puts a message together", async () => {
      const pieces = [];
      const stream = anthropic().messages.stream(asked('sse-200x64')).on('text', (piece) => pieces.push(piece));
      const final = await stream.finalMessage();
      assert.ok(pieces.length > 20, 'it came in pieces');
      assert.equal(pieces.join('').length, 200 * 64);
      assert.equal(text_of(final), pieces.join(''));
      assert.equal(final.stop_reason, 'end_turn');
      assert.equal(final.usage.output_tokens, 200 * 16);
      // Where a vendor says the prompt's tokens only at its stream's end, they come with message_delta.
      assert.equal(final.usage.input_tokens, 3);
    });

    test('the token limit ends a message with "max_tokens"', async () => {
      const answer = await ask('ok', { max_tokens: 3 });
      assert.equal(text_of(answer), 'Hello from t');
      assert.equal(answer.stop_reason, 'max_tokens');
      const final = await anthropic().messages.stream(asked('ok', { max_tokens: 3 })).finalMessage();
      assert.equal(final.stop_reason, 'max_tokens');
    });

    test('stop sequences stop', async () => {
      const answer = await ask('ok', { stop_sequences: ['nothing like it', 'from'] });
      assert.equal(text_of(answer), 'Hello ');
      // Which one it was only Anthropic says.
      assert.equal(answer.stop_reason, vendor === 'anthropic' ? 'stop_sequence' : 'end_turn');
      assert.equal(answer.stop_sequence, vendor === 'anthropic' ? 'from' : null);
    });

    test('cached tokens are told apart from those that were read anew', async () => {
      const answer = await ask('cached-60', { messages: user('x'.repeat(400)) });
      assert.equal(answer.usage.input_tokens, 40);
      assert.equal(answer.usage.cache_read_input_tokens, 60);
      assert.ok(!answer.usage.cache_creation_input_tokens);
    });

    test('thinking is billed, told and taken back', async () => {
      const thinking = { type: 'enabled', budget_tokens: 1024 };
      const answer = await ask('think', { thinking });
      assert.equal(text_of(answer), 'The answer is 42.');
      // 17 bytes said and 37 thought: 5 + 10.
      assert.equal(answer.usage.output_tokens, 15);
      assert.equal(thinking_of(answer), 'Let me think about that for a moment.');
      const messages = [...user('hello there'), { role: 'assistant', content: answer.content }, ...user('and then?')];
      assert.equal(text_of(await ask('think', { thinking, messages })), 'The answer is 42.');
    });

    test('thinking is streamed before the text', async () => {
      const events = await collect(await ask('think', { thinking: { type: 'enabled', budget_tokens: 1024 }, stream: true }));
      const starts = events.filter((event) => event.type === 'content_block_start').map((event) => event.content_block.type);
      assert.deepEqual(starts, ['thinking', 'text']);
      assert.equal(events.map((event) => event.delta?.thinking ?? '').join(''), 'Let me think about that for a moment.');
      assert.equal(events.map((event) => event.delta?.text ?? '').join(''), 'The answer is 42.');
    });

    test('an image as base64 is seen', async () => {
      const content = [
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: pixel } },
        { type: 'text', text: 'What is this?' },
      ];
      assert.equal(text_of(await ask('vision', { messages: user(content) })), 'I see 1 image(s); image/png, 70 bytes.');
    });

    test('a JSON schema is kept to', async () => {
      const answer = await ask('json', { output_config: { format: { type: 'json_schema', schema: weather_schema } } });
      assert.deepEqual(JSON.parse(text_of(answer)), weather_answer);
    });

    test('a refusal has its own reason to stop', async () => {
      assert.equal((await ask('refuse')).stop_reason, 'refusal');
      assert.equal((await anthropic().messages.stream(asked('refuse')).finalMessage()).stop_reason, 'refusal');
    });

    test('tokens are counted', async () => {
      const { max_tokens, ...countable } = asked('counted', { system: 'Be brief.' });
      const { input_tokens } = await anthropic().messages.countTokens(countable);
      // The mock has no counting path on its OpenAI side, as OpenAI's imitators: the gateway estimates.
      if (vendor === 'openai') assert.ok(input_tokens >= 3 && input_tokens < 40, `${input_tokens}`);
      else assert.equal(input_tokens, 5);
    });

    test('a count does no harm to the model', async () => {
      const { max_tokens, ...countable } = asked('counted');
      await anthropic().messages.countTokens(countable).catch(() => undefined);
      assert.equal(text_of(await ask('counted')), 'Hello from the mock.');
    });

    test('the answer says where it came from', { skip: direct }, async () => {
      const { response } = await anthropic().messages.create(asked('ok')).withResponse();
      assert.equal(response.headers.get('x-naru-model'), model(vendor, 'ok'));
      assert.equal(response.headers.get('x-naru-deployment'), `${vendor}/ok`);
      assert.ok(response.headers.get('request-id'));
      assert.equal(response.headers.get('set-cookie'), null);
      assert.equal(response.headers.get('anthropic-organization-id'), null);
    });

    test('leaving in the middle of a stream reaches the vendor within a second', async () => {
      const word = mark();
      const stream = await ask('paced-1000x20', { messages: user(word), stream: true });
      let pieces = 0;
      let left_at = 0;
      for await (const event of stream) {
        if (event.type !== 'content_block_delta' || ++pieces < 3) continue;
        left_at = Date.now();
        stream.controller.abort();
        break;
      }
      assert.equal(pieces, 3);
      const took = await closed_after(word, left_at);
      assert.ok(took < 1000, `took ${took} ms`);
    });

    test('leaving before the first byte reaches the vendor as well', async () => {
      const word = mark();
      const stream = anthropic().messages.stream(asked('stall-before', { messages: user(word) }));
      const outcome = stream.finalMessage().then(() => 'answered', (error) => error.constructor.name);
      assert.ok(await until(async () => (await seen(word)).length > 0), 'the mock got the request');
      const left_at = Date.now();
      stream.abort();
      assert.equal(await outcome, 'APIUserAbortError');
      const took = await closed_after(word, left_at);
      assert.ok(took < 1000, `took ${took} ms`);
    });
  });
}
