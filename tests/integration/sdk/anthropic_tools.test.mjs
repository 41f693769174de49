import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { anthropic, collect, model, pixel, place, user, vendors_of } from './support.mjs';

const tool = (name) => ({ name, description: `Asks for ${name}.`, input_schema: place });
const tools = [tool('get_weather'), tool('get_time')];
const calls_of = (message) => message.content.filter((block) => block.type === 'tool_use');
const text_of = (message) => message.content.filter((block) => block.type === 'text').map((block) => block.text).join('');
const result = (call, content) => ({ type: 'tool_result', tool_use_id: call.id, content });

for (const vendor of vendors_of('anthropic')) {
  describe(`tools of Anthropic's SDK, ${vendor}`, () => {
    const asked = (directive, more = {}) => ({ model: model(vendor, directive), max_tokens: 1024, messages: user('How is it in Seoul?'), tools, ...more });
    const ask = (directive, more) => anthropic().messages.create(asked(directive, more));
    // "signed": Gemini's newer models want the thought signature back, which travels inside the message.
    const signed = vendor === 'gemini' ? 'signed+tools' : 'tools';

    test('a call, its result, and the answer that uses it', async () => {
      const first = await ask(signed);
      assert.equal(first.stop_reason, 'tool_use');
      const [call, ...others] = calls_of(first);
      assert.deepEqual(others, []);
      assert.match(call.id, /^[a-zA-Z0-9_-]+$/);
      assert.equal(call.name, 'get_weather');
      assert.deepEqual(call.input, { city: 'Seoul', unit: 'celsius' });
      for (const content of ['21 degrees', [{ type: 'text', text: '21 degrees' }]]) {
        const messages = [...user('How is it in Seoul?'), { role: 'assistant', content: first.content }, { role: 'user', content: [result(call, content)] }];
        const second = await ask(signed, { messages });
        assert.equal(text_of(second), 'The tool said: 21 degrees');
        assert.equal(second.stop_reason, 'end_turn');
      }
    });

    test('what was streamed can be sent back', async () => {
      const first = await anthropic().messages.stream(asked(signed)).finalMessage();
      const [call] = calls_of(first);
      assert.deepEqual(call.input, { city: 'Seoul', unit: 'celsius' });
      const failed = { ...result(call, 'no such city'), is_error: true };
      const messages = [...user('How is it in Seoul?'), { role: 'assistant', content: first.content }, { role: 'user', content: [failed] }];
      assert.match(text_of(await ask(signed, { messages })), /^The tool said: .*no such city/);
    });

    test('parallel calls have ids of their own, and all their results go back', async () => {
      const first = await ask('parallel-tools');
      const calls = calls_of(first);
      assert.deepEqual(calls.map((c) => c.name), ['get_weather', 'get_time']);
      assert.deepEqual(calls.map((c) => c.input.city), ['Seoul', 'Busan']);
      assert.notEqual(calls[0].id, calls[1].id);
      const results = calls.map((call, i) => result(call, `result ${i}`));
      const messages = [...user('How is it?'), { role: 'assistant', content: first.content }, { role: 'user', content: results }];
      assert.equal(text_of(await ask('parallel-tools', { messages })), 'The tool said: result 1');
    });

    test('streamed arguments add up, block by block', async () => {
      const events = await collect(await ask('parallel-tools', { stream: true }));
      const starts = events.filter((event) => event.content_block?.type === 'tool_use');
      assert.deepEqual(starts.map((event) => event.content_block.name), ['get_weather', 'get_time']);
      assert.equal(new Set(starts.map((event) => event.content_block.id)).size, 2);
      const pieces = (start) => events.filter((event) => event.index === start.index && event.delta?.type === 'input_json_delta');
      const inputs = starts.map((start) => JSON.parse(pieces(start).map((event) => event.delta.partial_json).join('')));
      assert.deepEqual(inputs, [{ city: 'Seoul', unit: 'celsius' }, { city: 'Busan', unit: 'celsius' }]);
      if (vendor !== 'gemini') assert.ok(pieces(starts[0]).length > 2, 'arguments came in pieces');
      // Blocks follow one another: each is closed before the next begins.
      const order = events.filter((event) => /^content_block_st(art|op)$/.test(event.type)).map((event) => `${event.type} ${event.index}`);
      assert.deepEqual(order, order.map((_, i) => `content_block_${i % 2 ? 'stop' : 'start'} ${Math.floor(i / 2)}`));
      assert.equal(events.find((event) => event.type === 'message_delta').delta.stop_reason, 'tool_use');
    });

    test('a named choice is called, and "none" calls nothing', async () => {
      const named = await ask('tools', { tool_choice: { type: 'tool', name: 'get_time' } });
      assert.deepEqual(calls_of(named).map((c) => c.name), ['get_time']);
      const any = await ask('tools', { tool_choice: { type: 'any' } });
      assert.equal(any.stop_reason, 'tool_use');
      const none = await ask('tools', { tool_choice: { type: 'none' } });
      assert.deepEqual(calls_of(none), []);
      assert.equal(text_of(none), 'No tool was offered.');
    });

    test('parallel calls can be switched off', { skip: vendor === 'gemini' && 'this vendor has no such switch' }, async () => {
      const answer = await ask('parallel-tools', { tool_choice: { type: 'auto', disable_parallel_tool_use: true } });
      assert.equal(calls_of(answer).length, 1);
    });

    test('a question may stand behind the results, and beside a picture', async () => {
      const first = await ask(signed);
      const [call] = calls_of(first);
      const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: pixel } };
      const content = [result(call, '21 degrees'), { type: 'text', text: 'And in this picture?' }, image];
      const messages = [...user('How is it in Seoul?'), { role: 'assistant', content: first.content }, { role: 'user', content }];
      const second = await ask(signed, { messages, tool_choice: { type: 'none' } });
      assert.ok(second.content.length > 0);
    });

    test('tools count among the tokens', async () => {
      const { max_tokens, ...countable } = asked('counted');
      const { input_tokens } = await anthropic().messages.countTokens(countable);
      assert.ok(input_tokens >= 5, `${input_tokens}`);
    });
  });
}
