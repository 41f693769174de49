import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { client, closed_after, mark, model, seen, until, user, vendors } from './support.mjs';

for (const vendor of vendors) {
  describe(`abort, ${vendor}`, () => {
    test('leaving in the middle of a stream reaches the vendor within a second', async () => {
      const word = mark();
      const stream = await client().chat.completions.create({ model: model(vendor, 'paced-1000x20'), messages: user(word), stream: true });
      let pieces = 0;
      let left_at = 0;
      for await (const chunk of stream) {
        if (!chunk.choices[0]?.delta?.content || ++pieces < 3) continue;
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
      const controller = new AbortController();
      const asked = client().chat.completions.create({ model: model(vendor, 'stall-before'), messages: user(word) }, { signal: controller.signal });
      const outcome = asked.then(() => 'answered', () => 'aborted');
      assert.ok(await until(async () => (await seen(word)).length > 0), 'the mock got the request');
      const left_at = Date.now();
      controller.abort();
      assert.equal(await outcome, 'aborted');
      const took = await closed_after(word, left_at);
      assert.ok(took < 1000, `took ${took} ms`);
    });
  });
}
