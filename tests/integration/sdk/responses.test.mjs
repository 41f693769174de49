import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import OpenAI from 'openai';
import { client, closed_after, collect, direct, failure, mark, model, pixel, place, seen, vendors, weather_answer, weather_schema } from './support.mjs';

const tool = (name) => ({ type: 'function', name, description: `Asks for ${name}.`, parameters: place, strict: false });
const tools = [tool('get_weather'), tool('get_time')];
const calls_of = (response) => response.output.filter((item) => item.type === 'function_call');
const result = (call, output) => ({ type: 'function_call_output', call_id: call.call_id, output });

// The mock's OpenAI side has no Responses, so these go to the other vendors alone.
for (const vendor of direct ? [] : vendors.filter((name) => name !== 'openai')) {
  describe(`responses, ${vendor}`, () => {
    const asked = (directive, more = {}) => ({ model: model(vendor, directive), input: 'hello there', store: false, ...more });
    const ask = (directive, more) => client().responses.create(asked(directive, more));
    const stream = async (directive, more) => collect(await ask(directive, { stream: true, ...more }));

    test('a question gets a response with its usage', async () => {
      const response = await ask('ok');
      assert.equal(response.object, 'response');
      assert.equal(response.status, 'completed');
      assert.equal(response.output_text, 'Hello from the mock.');
      assert.deepEqual(response.output.map((item) => item.type), ['message']);
      assert.equal(response.usage.input_tokens, 3);
      assert.equal(response.usage.output_tokens, 5);
      assert.equal(response.usage.total_tokens, 8);
      assert.equal(response.error, null);
      assert.equal(response.incomplete_details, null);
      assert.ok(response.id);
    });

    test('instructions, several turns and Korean arrive as they were written', async () => {
      const word = mark();
      const input = [
        { role: 'user', content: 'first' },
        { role: 'assistant', content: 'second' },
        { role: 'user', content: [{ type: 'input_text', text: `안녕하세요, "나루" \\ ${word} 🛶` }] },
      ];
      const response = await ask('echo', { instructions: 'Be brief.', input });
      assert.equal(response.output_text, `안녕하세요, "나루" \\ ${word} 🛶`);
      const [request] = await seen(word);
      for (const text of ['Be brief.', 'first', 'second']) assert.ok(request.body.includes(text), text);
    });

    test('the events of a stream are numbered, in order, and end with the whole', async () => {
      const events = await stream('ok');
      assert.deepEqual(events.map((event) => event.sequence_number), events.map((_, i) => i));
      assert.equal(events[0].type, 'response.created');
      const last = events.at(-1);
      assert.equal(last.type, 'response.completed');
      assert.equal(events.filter((event) => event.type === 'response.output_text.delta').map((event) => event.delta).join(''), 'Hello from the mock.');
      assert.equal(events.find((event) => event.type === 'response.output_text.done').text, 'Hello from the mock.');
      assert.equal(last.response.output[0].content[0].text, 'Hello from the mock.');
      assert.equal(last.response.usage.input_tokens, 3);
      assert.equal(last.response.usage.output_tokens, 5);
      assert.equal(new Set([events[0].response.id, last.response.id]).size, 1);
    });

    test("the SDK's own stream helper puts a long response together", async () => {
      let pieces = 0;
      const runner = client().responses.stream(asked('sse-200x64')).on('response.output_text.delta', () => ++pieces);
      const final = await runner.finalResponse();
      assert.equal(final.output_text.length, 200 * 64);
      assert.ok(pieces > 20, 'it came in pieces');
    });

    test('the token limit leaves a response incomplete', async () => {
      const response = await ask('ok', { max_output_tokens: 3 });
      assert.equal(response.output_text, 'Hello from t');
      assert.equal(response.status, 'incomplete');
      assert.equal(response.incomplete_details.reason, 'max_output_tokens');
      assert.equal((await stream('ok', { max_output_tokens: 3 })).at(-1).type, 'response.incomplete');
    });

    test('a call, its result, and the answer that uses it', async () => {
      const directive = vendor === 'gemini' ? 'signed+tools' : 'tools';
      const input = [{ role: 'user', content: 'How is it in Seoul?' }];
      const first = await ask(directive, { input, tools });
      const [call, ...others] = calls_of(first);
      assert.deepEqual(others, []);
      assert.equal(call.name, 'get_weather');
      assert.ok(call.call_id);
      assert.deepEqual(JSON.parse(call.arguments), { city: 'Seoul', unit: 'celsius' });
      const second = await ask(directive, { input: [...input, ...first.output, result(call, '21 degrees')], tools });
      assert.equal(second.output_text, 'The tool said: 21 degrees');
    });

    test('streamed arguments add up, item by item, and can be sent back', async () => {
      const events = await stream('parallel-tools', { tools });
      const added = events.filter((event) => event.type === 'response.output_item.added' && event.item.type === 'function_call');
      assert.deepEqual(added.map((event) => event.item.name), ['get_weather', 'get_time']);
      const pieces = (at) => events.filter((event) => event.type === 'response.function_call_arguments.delta' && event.output_index === at.output_index);
      const inputs = added.map((at) => JSON.parse(pieces(at).map((event) => event.delta).join('')));
      assert.deepEqual(inputs, [{ city: 'Seoul', unit: 'celsius' }, { city: 'Busan', unit: 'celsius' }]);
      if (vendor !== 'gemini') assert.ok(pieces(added[0]).length > 2, 'arguments came in pieces');
      const { output } = events.at(-1).response;
      const results = output.filter((item) => item.type === 'function_call').map((call, i) => result(call, `result ${i}`));
      const second = await ask('parallel-tools', { input: [{ role: 'user', content: 'hi' }, ...output, ...results], tools });
      assert.equal(second.output_text, 'The tool said: result 1');
    });

    test('a named choice is called, and "none" calls nothing', async () => {
      const named = await ask('tools', { tools, tool_choice: { type: 'function', name: 'get_time' } });
      assert.deepEqual(calls_of(named).map((c) => c.name), ['get_time']);
      const none = await ask('tools', { tools, tool_choice: 'none' });
      assert.deepEqual(calls_of(none), []);
    });

    test('an image as a data URL is seen', async () => {
      const content = [
        { type: 'input_text', text: 'What is this?' },
        { type: 'input_image', image_url: `data:image/png;base64,${pixel}`, detail: 'auto' },
      ];
      assert.equal((await ask('vision', { input: [{ role: 'user', content }] })).output_text, 'I see 1 image(s); image/png, 70 bytes.');
    });

    test('a JSON schema is kept to', async () => {
      const format = { type: 'json_schema', name: 'weather', schema: weather_schema, strict: true };
      assert.deepEqual(JSON.parse((await ask('json', { text: { format } })).output_text), weather_answer);
    });

    test('reasoning is an item of its own, and can be sent back', async () => {
      const reasoning = { effort: 'medium', summary: 'auto' };
      const response = await ask('think', { reasoning, include: ['reasoning.encrypted_content'] });
      assert.deepEqual(response.output.map((item) => item.type), ['reasoning', 'message']);
      assert.equal(response.output_text, 'The answer is 42.');
      assert.equal(response.usage.output_tokens, 15);
      const input = [{ role: 'user', content: 'hi' }, ...response.output, { role: 'user', content: 'and then?' }];
      assert.equal((await ask('think', { reasoning, input })).output_text, 'The answer is 42.');
    });

    test('errors are of the right class', async () => {
      const missing = await failure(client().responses.create({ model: 'no-such-model', input: 'hi' }));
      assert.ok(missing instanceof OpenAI.NotFoundError, `${missing}`);
      assert.ok((await failure(ask('ctx'))) instanceof OpenAI.BadRequestError);
      assert.ok((await failure(ask('status-500'))) instanceof OpenAI.InternalServerError);
      assert.ok((await failure(ask('error-frame-first', { stream: true }))) instanceof OpenAI.InternalServerError);
      const unkept = await failure(ask('ok', { previous_response_id: 'resp_of_another_day' }));
      assert.ok(unkept instanceof OpenAI.BadRequestError, `${unkept}`);
      assert.ok(unkept.message.includes('previous_response_id') || unkept.param === 'previous_response_id', unkept.message);
    });

    for (const fault of ['error-frame', 'reset', 'silent-end', 'cut', 'badsse']) {
      test(`a stream broken by ${fault} does not look completed`, async () => {
        const events = [];
        const outcome = await (async () => {
          for await (const event of await ask(`${fault}-after-3+paced-9x20`, { stream: true })) events.push(event);
        })().then(() => events.at(-1).type, (error) => error);
        assert.ok(outcome instanceof OpenAI.APIError || ['response.failed', 'error'].includes(outcome), `${outcome}`);
        assert.ok(events.some((event) => event.type === 'response.output_text.delta'), 'content had come');
        assert.ok(!events.some((event) => event.type === 'response.completed'), 'and no end');
      });
    }

    test('tokens are counted', async () => {
      const { input_tokens } = await client().responses.inputTokens.count({ model: model(vendor, 'ok'), input: 'hello there' });
      assert.equal(input_tokens, 3);
    });

    test('leaving in the middle of a stream reaches the vendor within a second', async () => {
      const word = mark();
      const events = await ask('paced-1000x20', { input: word, stream: true });
      let pieces = 0;
      let left_at = 0;
      for await (const event of events) {
        if (event.type !== 'response.output_text.delta' || ++pieces < 3) continue;
        left_at = Date.now();
        events.controller.abort();
        break;
      }
      assert.equal(pieces, 3);
      const took = await closed_after(word, left_at);
      assert.ok(took < 1000, `took ${took} ms`);
    });
  });
}
