import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { closed_after, collect, direct, google, mark, model, pixel, root_url, seen, until, vendors_of, weather_answer, weather_schema } from './support.mjs';

const parts_of = (answer) => answer.candidates[0].content.parts;
const thoughts_of = (answers) => answers.flatMap(parts_of).filter((part) => part.thought).map((part) => part.text).join('');
const text_of = (chunks) => chunks.map((chunk) => chunk.text ?? '').join('');

for (const vendor of vendors_of('gemini')) {
  describe(`Google's SDK, ${vendor}`, () => {
    const asked = (directive, config = {}, contents = 'hello there') => ({ model: model(vendor, directive), contents, config });
    const ask = (...what) => google().models.generateContent(asked(...what));
    const stream = (...what) => google().models.generateContentStream(asked(...what));

    test('a question gets a candidate with its usage', async () => {
      const answer = await ask('ok');
      assert.equal(answer.candidates.length, 1);
      assert.equal(answer.candidates[0].content.role, 'model');
      assert.equal(answer.text, 'Hello from the mock.');
      assert.equal(answer.candidates[0].finishReason, 'STOP');
      // The mock counts four bytes a token: 11 bytes asked, 20 answered.
      assert.equal(answer.usageMetadata.promptTokenCount, 3);
      assert.equal(answer.usageMetadata.candidatesTokenCount, 5);
      assert.equal(answer.usageMetadata.totalTokenCount, 8);
      assert.ok(answer.modelVersion);
      assert.ok(answer.responseId);
    });

    test('system, several turns and Korean arrive as they were written', async () => {
      const word = mark();
      const contents = [
        { role: 'user', parts: [{ text: 'first' }] },
        { role: 'model', parts: [{ text: 'second' }] },
        { role: 'user', parts: [{ text: `안녕하세요, "나루" \\ ${word} 🛶` }] },
      ];
      const answer = await ask('echo', { systemInstruction: 'Be brief.' }, contents);
      assert.equal(answer.text, `안녕하세요, "나루" \\ ${word} 🛶`);
      const [request] = await seen(word);
      for (const text of ['Be brief.', 'first', 'second']) assert.ok(request.body.includes(text), text);
    });

    test("the SDK's chat keeps its turns", async () => {
      const word = mark();
      const chat = google().chats.create({ model: model(vendor, 'echo') });
      assert.equal((await chat.sendMessage({ message: `one ${word}` })).text, `one ${word}`);
      assert.equal(text_of(await collect(await chat.sendMessageStream({ message: `two ${word}` }))), `two ${word}`);
      const last = (await seen(word)).at(-1);
      assert.equal(last.body.split(`one ${word}`).length - 1, 2, 'the question and its answer went along');
    });

    // A streamed turn stands in the SDK's history as one content for each chunk, all of the model.
    const strict = vendor === 'gemini' && 'the mock of this vendor wants turns that alternate';
    test("the SDK's chat goes on behind a streamed turn", { skip: strict }, async () => {
      const word = mark();
      const chat = google().chats.create({ model: model(vendor, 'echo') });
      await collect(await chat.sendMessageStream({ message: `one two ${word}` }));
      assert.ok(chat.getHistory(true).length > 2, 'the answer came in pieces');
      assert.equal((await chat.sendMessage({ message: `three ${word}` })).text, `three ${word}`);
    });

    test('a stream says the same as an answer, and ends once', async () => {
      const chunks = await collect(await stream('ok'));
      assert.equal(text_of(chunks), 'Hello from the mock.');
      assert.deepEqual(chunks.map((chunk) => chunk.candidates?.[0]?.finishReason).filter(Boolean), ['STOP']);
      const last = chunks.at(-1);
      assert.equal(last.candidates[0].finishReason, 'STOP');
      assert.equal(last.usageMetadata.promptTokenCount, 3);
      assert.equal(last.usageMetadata.candidatesTokenCount, 5);
    });

    test('a long stream loses nothing', async () => {
      const chunks = await collect(await stream('sse-200x64'));
      assert.equal(text_of(chunks).length, 200 * 64);
      assert.ok(chunks.filter((chunk) => chunk.text).length > 20, 'it came in pieces');
      assert.equal(chunks.at(-1).usageMetadata.candidatesTokenCount, 200 * 16);
    });

    test('without alt=sse a stream is one array', async () => {
      const headers = { 'content-type': 'application/json', 'x-goog-api-key': process.env.NARU_SDK_KEY };
      const body = JSON.stringify({ contents: [{ parts: [{ text: 'hi' }] }] });
      const answer = await fetch(`${root_url}/v1beta/models/${model(vendor, 'ok')}:streamGenerateContent`, { method: 'POST', headers, body });
      assert.equal(answer.status, 200);
      assert.match(answer.headers.get('content-type'), /^application\/json/);
      const chunks = await answer.json();
      assert.equal(chunks.flatMap(parts_of).map((part) => part.text ?? '').join(''), 'Hello from the mock.');
    });

    test('the token limit ends an answer with MAX_TOKENS', async () => {
      const answer = await ask('ok', { maxOutputTokens: 3 });
      assert.equal(answer.text, 'Hello from t');
      assert.equal(answer.candidates[0].finishReason, 'MAX_TOKENS');
      const chunks = await collect(await stream('ok', { maxOutputTokens: 3 }));
      assert.equal(chunks.at(-1).candidates[0].finishReason, 'MAX_TOKENS');
    });

    test('stop sequences stop, temperature and topP arrive', async () => {
      const word = mark();
      const answer = await ask('ok', { stopSequences: ['from'], temperature: 0.5, topP: 0.25 }, word);
      assert.equal(answer.text, 'Hello ');
      assert.equal(answer.candidates[0].finishReason, 'STOP');
      const [request] = await seen(word);
      assert.match(request.body, /"temperature":\s*0\.5\b/);
      assert.match(request.body, /"top_?[pP]":\s*0\.25\b/);
    });

    test('cached tokens are told apart', async () => {
      const { usageMetadata } = await ask('cached-60', {}, 'x'.repeat(400));
      assert.equal(usageMetadata.promptTokenCount, 100);
      assert.equal(usageMetadata.cachedContentTokenCount, 60);
    });

    test('thoughts are told apart from the answer, and can be sent back', async () => {
      const config = { thinkingConfig: { includeThoughts: true, thinkingBudget: 1024 } };
      const answer = await ask('think', config);
      assert.equal(answer.text, 'The answer is 42.');
      assert.equal(thoughts_of([answer]), 'Let me think about that for a moment.');
      // 17 bytes said and 37 thought. Anthropic bills thinking as output and says no number for it.
      const { candidatesTokenCount, thoughtsTokenCount = 0 } = answer.usageMetadata;
      assert.equal(candidatesTokenCount + thoughtsTokenCount, 15);
      if (vendor !== 'anthropic') assert.equal(thoughtsTokenCount, 10);
      const contents = [{ role: 'user', parts: [{ text: 'hi' }] }, answer.candidates[0].content, { role: 'user', parts: [{ text: 'and then?' }] }];
      assert.equal((await ask('think', config, contents)).text, 'The answer is 42.');
      const chunks = await collect(await stream('think', config));
      assert.equal(thoughts_of(chunks), 'Let me think about that for a moment.');
      assert.equal(text_of(chunks), 'The answer is 42.');
    });

    test('an image as base64 is seen', async () => {
      const contents = [{ role: 'user', parts: [{ text: 'What is this?' }, { inlineData: { mimeType: 'image/png', data: pixel } }] }];
      assert.equal((await ask('vision', {}, contents)).text, 'I see 1 image(s); image/png, 70 bytes.');
    });

    test('a JSON schema is kept to', async () => {
      const config = { responseMimeType: 'application/json', responseJsonSchema: weather_schema };
      assert.deepEqual(JSON.parse((await ask('json', config)).text), weather_answer);
    });

    test('a refusal does not look like an ordinary end', async () => {
      const answer = await ask('refuse');
      assert.ok(['SAFETY', 'PROHIBITED_CONTENT'].includes(answer.candidates[0].finishReason), answer.candidates[0].finishReason);
    });

    test('tokens are counted', async () => {
      const { totalTokens } = await google().models.countTokens({ model: model(vendor, 'counted'), contents: 'hello there' });
      // The mock has no counting path on its OpenAI side, as OpenAI's imitators: the gateway estimates.
      if (vendor === 'openai') assert.ok(totalTokens >= 3 && totalTokens < 40, `${totalTokens}`);
      else assert.equal(totalTokens, 3);
    });

    test('a count does no harm to the model', async () => {
      await google().models.countTokens({ model: model(vendor, 'counted'), contents: 'hi' }).catch(() => undefined);
      assert.equal((await ask('counted')).text, 'Hello from the mock.');
    });

    test('the answer says where it came from', { skip: direct }, async () => {
      const { headers } = (await ask('ok')).sdkHttpResponse;
      assert.equal(headers['x-naru-model'], model(vendor, 'ok'));
      assert.equal(headers['x-naru-deployment'], `${vendor}/ok`);
      assert.equal(headers['set-cookie'], undefined);
    });

    test('leaving in the middle of a stream reaches the vendor within a second', async () => {
      const word = mark();
      const controller = new AbortController();
      let pieces = 0;
      let left_at = 0;
      const outcome = (async () => {
        for await (const chunk of await stream('paced-1000x20', { abortSignal: controller.signal }, word)) {
          if (!chunk.text || ++pieces < 3 || left_at) continue;
          left_at = Date.now();
          controller.abort();
        }
      })().then(() => 'ended', () => 'aborted');
      assert.equal(await outcome, 'aborted');
      const took = await closed_after(word, left_at);
      assert.ok(took < 1000, `took ${took} ms`);
    });

    test('leaving before the first byte reaches the vendor as well', async () => {
      const word = mark();
      const controller = new AbortController();
      const outcome = ask('stall-before', { abortSignal: controller.signal }, word).then(() => 'answered', () => 'aborted');
      assert.ok(await until(async () => (await seen(word)).length > 0), 'the mock got the request');
      const left_at = Date.now();
      controller.abort();
      assert.equal(await outcome, 'aborted');
      const took = await closed_after(word, left_at);
      assert.ok(took < 1000, `took ${took} ms`);
    });
  });
}
