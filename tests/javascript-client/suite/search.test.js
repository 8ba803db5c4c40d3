// Searches as pages and notebooks send them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { client, deployed, finished, refused, until, uploaded } from '../support/cluster.js';

/** The hits of a search once one of them is the model: a search is a second old at most. */
function found(search, id) {
  return until(`model ${id} among the hits`, async () => {
    const { body } = await search();
    return body.hits.hits.some(hit => hit._id === id) && body.hits;
  });
}

test('searchModels: by name, by state in either word, without chunks', async () => {
  const id = await deployed('searched for');

  for (const state of ['DEPLOYED', 'LOADED']) {
    await found(() => client.ml.searchModels({
      body: {
        query: {
          bool: {
            must: [{ term: { model_state: state } }],
            must_not: [{ exists: { field: 'chunk_number' } }],
            filter: [{ ids: { values: [id] } }],
          },
        },
        sort: [{ 'name.keyword': 'asc' }],
        size: 10,
      },
    }), id);
  }

  const byName = await found(() => client.ml.searchModels({
    body: { query: { term: { 'name.keyword': 'searched for' } }, _source: ['name', 'model_state'] },
  }), id);
  assert.equal(byName.total.value, 1);
  assert.deepEqual(byName.hits[0]._source, { name: 'searched for', model_state: 'DEPLOYED' });
});

test('searchModels: everything', async () => {
  const id = await uploaded('one of all');

  await found(() => client.ml.searchModels({ body: { query: { match_all: {} }, size: 1000 } }), id);
});

test('searchModels without a body', async () => {
  await refused(() => client.ml.searchModels(), 400, 'parse_exception', /request body or source parameter is required/);
});

test('searchTasks: the deployments of a model', async () => {
  const id = await uploaded('with tasks');
  const { body: { task_id: taskId } } = await client.ml.deployModel({ model_id: id });
  await finished(taskId);

  const hits = await found(() => client.ml.searchTasks({
    body: { query: { bool: { filter: [{ term: { model_id: id } }, { term: { state: 'COMPLETED' } }] } } },
  }), taskId);

  assert.deepEqual(hits.hits.map(hit => hit._source.task_type), ['DEPLOY_MODEL']);
});

test('a clause that nobody knows', async () => {
  await refused(
    () => client.ml.searchModels({ body: { query: { no_such_query: {} } } }),
    400, 'parsing_exception', /unknown query \[no_such_query\]/);
});
