import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FunctionCallingConfigMode, Type } from '@google/genai';
import { collect, google, model, place, vendors_of } from './support.mjs';

const spelled = {
  type: Type.OBJECT,
  properties: { city: { type: Type.STRING }, unit: { type: Type.STRING, enum: ['celsius', 'fahrenheit'] } },
  required: ['city'],
};
// One schema in each of the two forms that the API takes.
const functionDeclarations = [
  { name: 'get_weather', description: 'Asks for the weather.', parametersJsonSchema: place },
  { name: 'get_time', description: 'Asks for the time.', parameters: spelled },
];
const tools = [{ functionDeclarations }];
const question = { role: 'user', parts: [{ text: 'How is it in Seoul?' }] };
const result = (call, output) => ({ functionResponse: { ...(call.id ? { id: call.id } : {}), name: call.name, response: { output } } });

for (const vendor of vendors_of('gemini')) {
  describe(`tools of Google's SDK, ${vendor}`, () => {
    const asked = (directive, contents = [question], config = {}) => ({ model: model(vendor, directive), contents, config: { tools, ...config } });
    const ask = (...what) => google().models.generateContent(asked(...what));
    const stream = async (...what) => collect(await google().models.generateContentStream(asked(...what)));
    // "signed": Gemini's newer models want the thought signature back, which travels inside the content.
    const signed = vendor === 'gemini' ? 'signed+tools' : 'tools';

    test('a call, its result, and the answer that uses it', async () => {
      const first = await ask(signed);
      assert.equal(first.candidates[0].finishReason, 'STOP');
      assert.equal(first.functionCalls.length, 1);
      const [call] = first.functionCalls;
      assert.equal(call.name, 'get_weather');
      assert.deepEqual(call.args, { city: 'Seoul', unit: 'celsius' });
      const second = await ask(signed, [question, first.candidates[0].content, { role: 'user', parts: [result(call, '21 degrees')] }]);
      assert.match(second.text, /^The tool said: .*21 degrees/);
      assert.equal(second.functionCalls, undefined);
    });

    test('what was streamed can be sent back', async () => {
      const chunks = await stream(signed);
      const parts = chunks.flatMap((chunk) => chunk.candidates?.[0]?.content?.parts ?? []).filter((part) => part.functionCall);
      assert.equal(parts.length, 1);
      const call = parts[0].functionCall;
      assert.deepEqual(call.args, { city: 'Seoul', unit: 'celsius' });
      const second = await ask(signed, [question, { role: 'model', parts }, { role: 'user', parts: [result(call, '21 degrees')] }]);
      assert.match(second.text, /21 degrees/);
    });

    test('parallel calls, and all their results go back', async () => {
      const first = await ask('parallel-tools');
      assert.deepEqual(first.functionCalls.map((c) => c.name), ['get_weather', 'get_time']);
      assert.deepEqual(first.functionCalls.map((c) => c.args.city), ['Seoul', 'Busan']);
      const parts = first.functionCalls.map((call, i) => result(call, `result ${i}`));
      const second = await ask('parallel-tools', [question, first.candidates[0].content, { role: 'user', parts }]);
      assert.match(second.text, /^The tool said: .*result 1/);
    });

    test('results find their calls by name where the client sends no ids', async () => {
      const model_turn = { role: 'model', parts: [{ functionCall: { name: 'get_weather', args: { city: 'Seoul' } } }] };
      const second = await ask('tools', [question, model_turn, { role: 'user', parts: [result({ name: 'get_weather' }, '21 degrees')] }]);
      assert.match(second.text, /21 degrees/);
    });

    test('streamed calls come whole', async () => {
      const calls = (await stream('parallel-tools')).flatMap((chunk) => chunk.functionCalls ?? []);
      assert.deepEqual(calls.map((c) => c.name), ['get_weather', 'get_time']);
      assert.deepEqual(calls.map((c) => c.args), [{ city: 'Seoul', unit: 'celsius' }, { city: 'Busan', unit: 'celsius' }]);
    });

    test('a named choice is called, and NONE calls nothing', async () => {
      const choose = (functionCallingConfig) => ask('tools', [question], { toolConfig: { functionCallingConfig } });
      const named = await choose({ mode: FunctionCallingConfigMode.ANY, allowedFunctionNames: ['get_time'] });
      assert.deepEqual(named.functionCalls.map((c) => c.name), ['get_time']);
      const any = await choose({ mode: FunctionCallingConfigMode.ANY });
      assert.equal(any.functionCalls.length, 1);
      const none = await choose({ mode: FunctionCallingConfigMode.NONE });
      assert.equal(none.functionCalls, undefined);
      assert.equal(none.text, 'No tool was offered.');
    });

    test("the SDK's automatic calling runs through to the answer", async () => {
      const callable = {
        tool: async () => ({ functionDeclarations }),
        callTool: async (calls) => calls.map((call) => result(call, `it is fine in ${call.args.city}`)),
      };
      const answer = await ask(signed, [question], { tools: [callable] });
      assert.match(answer.text, /^The tool said: .*it is fine in Seoul/);
    });
  });
}
