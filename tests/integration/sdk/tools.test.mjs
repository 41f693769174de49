import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { calls_of, client, collect, finish_of, model, place, user, vendors } from './support.mjs';

const tool = (name) => ({ type: 'function', function: { name, description: `Asks for ${name}.`, parameters: place } });
const tools = [tool('get_weather'), tool('get_time')];

for (const vendor of vendors) {
  describe(`tools, ${vendor}`, () => {
    const ask = (directive, more) =>
      client().chat.completions.create({ model: model(vendor, directive), messages: user('How is it in Seoul?'), tools, ...more });

    test('a call, its result, and the answer that uses it', async () => {
      // "signed": Gemini's newer models want the thought signature back, which travels inside the message.
      const directive = vendor === 'gemini' ? 'signed+tools' : 'tools';
      const first = await ask(directive, {});
      assert.equal(first.choices[0].finish_reason, 'tool_calls');
      const message = first.choices[0].message;
      assert.equal(message.tool_calls.length, 1);
      const [call] = message.tool_calls;
      assert.ok(call.id);
      assert.equal(call.type, 'function');
      assert.equal(call.function.name, 'get_weather');
      assert.deepEqual(JSON.parse(call.function.arguments), { city: 'Seoul', unit: 'celsius' });
      const messages = [...user('How is it in Seoul?'), message, { role: 'tool', tool_call_id: call.id, content: '21 degrees' }];
      const second = await ask(directive, { messages });
      assert.equal(second.choices[0].message.content, 'The tool said: 21 degrees');
      assert.equal(second.choices[0].finish_reason, 'stop');
    });

    test('parallel calls have ids of their own, and all their results go back', async () => {
      const first = await ask('parallel-tools', {});
      const message = first.choices[0].message;
      assert.deepEqual(message.tool_calls.map((c) => c.function.name), ['get_weather', 'get_time']);
      assert.deepEqual(message.tool_calls.map((c) => JSON.parse(c.function.arguments).city), ['Seoul', 'Busan']);
      assert.notEqual(message.tool_calls[0].id, message.tool_calls[1].id);
      const results = message.tool_calls.map((c, i) => ({ role: 'tool', tool_call_id: c.id, content: `result ${i}` }));
      const second = await ask('parallel-tools', { messages: [...user('How is it?'), message, ...results] });
      assert.equal(second.choices[0].message.content, 'The tool said: result 1');
    });

    test('streamed arguments add up, call by call', async () => {
      const chunks = await collect(await ask('parallel-tools', { stream: true }));
      const calls = calls_of(chunks);
      assert.deepEqual(calls.map((c) => c.name), ['get_weather', 'get_time']);
      assert.deepEqual(JSON.parse(calls[0].arguments), { city: 'Seoul', unit: 'celsius' });
      assert.deepEqual(JSON.parse(calls[1].arguments), { city: 'Busan', unit: 'celsius' });
      assert.equal(new Set(calls.map((c) => c.id)).size, 2);
      assert.equal(finish_of(chunks), 'tool_calls');
      if (vendor !== 'gemini') assert.ok(calls[0].pieces > 2, 'arguments came in pieces');
    });

    test("the SDK's own stream helper understands the calls", async () => {
      const runner = client().chat.completions.stream({ model: model(vendor, 'tools'), messages: user('hi'), tools });
      const final = await runner.finalChatCompletion();
      assert.equal(final.choices[0].message.tool_calls[0].function.name, 'get_weather');
    });

    test('a named choice is called, and "none" calls nothing', async () => {
      const named = await ask('tools', { tool_choice: { type: 'function', function: { name: 'get_time' } } });
      assert.equal(named.choices[0].message.tool_calls[0].function.name, 'get_time');
      const none = await ask('tools', { tool_choice: 'none' });
      assert.equal(none.choices[0].message.tool_calls ?? null, null);
      assert.equal(none.choices[0].message.content, 'No tool was offered.');
    });

    test('parallel calls can be switched off', { skip: vendor === 'gemini' && 'this vendor has no such switch' }, async () => {
      const answer = await ask('parallel-tools', { parallel_tool_calls: false });
      assert.equal(answer.choices[0].message.tool_calls.length, 1);
    });
  });
}
