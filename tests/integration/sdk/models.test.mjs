import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import OpenAI from 'openai';
import { client, direct, failure } from './support.mjs';

const names = direct ? ['ok', 'echo'] : ['openai-mock', 'anthropic-mock', 'gemini-mock'];

describe('models', () => {
  test('the list has what may be asked for', async () => {
    const page = await client().models.list();
    const ids = page.data.map((m) => m.id);
    for (const name of names) assert.ok(ids.includes(name), `${name} in ${ids}`);
    for (const one of page.data) {
      assert.equal(one.object, 'model');
      assert.equal(typeof one.created, 'number');
      assert.equal(typeof one.owned_by, 'string');
    }
  });

  test('one of them can be looked up', async () => {
    const one = await client().models.retrieve(names[0]);
    assert.equal(one.id, names[0]);
    assert.equal(one.object, 'model');
  });

  test('one that is not there is a NotFoundError', async () => {
    const error = await failure(client().models.retrieve(direct ? 'status-404' : 'no-such-model'));
    assert.ok(error instanceof OpenAI.NotFoundError, `${error}`);
  });

  test('a name of the list answers', { skip: direct }, async () => {
    for (const name of names) {
      const answer = await client().chat.completions.create({ model: name, messages: [{ role: 'user', content: 'hi' }] });
      assert.equal(answer.choices[0].message.content, 'Hello from the mock.');
    }
  });
});
