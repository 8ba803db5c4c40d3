// Model groups, changes of models and controllers, as the client's methods send them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  archiveUrl, client, deployed, finished, modelConfig, onEveryNode, refused, until, uploaded,
} from '../support/cluster.js';

async function registered(fields) {
  const { body } = await client.ml.registerModel({
    body: { name: 'grouped', model_format: 'TORCH_SCRIPT', model_config: modelConfig, url: archiveUrl, ...fields },
  });
  const task = await finished(body.task_id);
  assert.equal(task.state, 'COMPLETED', JSON.stringify(task));
  return (await client.ml.getModel({ model_id: task.model_id })).body;
}

test('registerModelGroup, getModelGroup, updateModelGroup', async () => {
  const { body: made } = await client.ml.registerModelGroup({
    body: { name: 'suite group', description: 'of the suite' },
  });
  assert.equal(made.status, 'CREATED');
  const id = made.model_group_id;

  const { body: before } = await client.ml.getModelGroup({ model_group_id: id });
  assert.equal(before.name, 'suite group');
  assert.equal(before.description, 'of the suite');
  assert.equal(before.latest_version, 0);
  assert.equal(before.access, 'public');

  const { body: updated } = await client.ml.updateModelGroup({
    model_group_id: id, body: { name: 'renamed suite group' },
  });
  assert.deepEqual(updated, { status: 'Updated' });
  const { body: after } = await client.ml.getModelGroup({ model_group_id: id });
  assert.equal(after.name, 'renamed suite group');
  assert.equal(after.description, 'of the suite');
  await refused(
    () => client.ml.registerModelGroup({ body: { name: 'renamed suite group' } }),
    400, 'illegal_argument_exception', /already being used by a model group with ID/);
});

test('registerModel in a group: versions, searchModelGroup, deleteModelGroup', async () => {
  const { body: { model_group_id: group } } = await client.ml.registerModelGroup({ body: { name: 'counted' } });
  const first = await registered({ model_group_id: group });
  const second = await registered({ model_group_id: group });
  assert.deepEqual([first.model_version, second.model_version], ['1', '2']);

  await until('the group among the hits', async () => {
    const { body } = await client.ml.searchModelGroup({
      body: { query: { bool: { filter: [{ ids: { values: [group] } }, { term: { latest_version: 2 } }] } } },
    });
    return body.hits.hits.length === 1 && body.hits.hits[0]._index === '.plugins-ml-model-group';
  });
  await refused(
    () => client.ml.deleteModelGroup({ model_group_id: group }), 409, 'status_exception', /associated model versions/);

  const models = await until('both models among the hits', async () => {
    const { body } = await client.ml.searchModels({ body: { query: { term: { model_group_id: group } } } });
    return body.hits.hits.length === 2 && body.hits.hits;
  });
  for (const { _id } of models) {
    await client.ml.deleteModel({ model_id: _id });
  }

  const { body: deleted } = await client.ml.deleteModelGroup({ model_group_id: group });
  assert.equal(deleted.result, 'deleted');
  await refused(
    () => client.ml.getModelGroup({ model_group_id: group }), 404, 'status_exception', /Failed to find model group/);
});

test('registerModel without a group: one is made that is called like the model', async () => {
  const model = await registered({ name: 'called like this' });

  const { body: group } = await client.ml.getModelGroup({ model_group_id: model.model_group_id });

  assert.equal(group.name, 'called like this');
  assert.equal(group.latest_version, 1);
});

test('updateModel: a model that is switched off predicts nothing, and what limits it', async () => {
  const id = await deployed('switched');
  const predict = () => client.ml.predictModel({ model_id: id, body: { text_docs: ['today is sunny'] } });

  const { body } = await client.ml.updateModel({ model_id: id, body: { is_enabled: false } });
  assert.equal(body.result, 'updated');
  await refused(predict, 403, 'status_exception', /^Model is disabled\.$/);
  await client.ml.updateModel({
    model_id: id, body: { is_enabled: true, rate_limiter: { limit: 1, unit: 'DAYS' } },
  });
  // Each node lets one request through at least, and one that is throttled there is offered to the others.
  for (const request of onEveryNode(predict)) {
    await request();
  }

  await refused(predict, 429, 'status_exception', /^Request is throttled at model level\.$/);

  const { body: document } = await client.ml.getModel({ model_id: id });
  assert.equal(document.is_enabled, true);
  assert.deepEqual(document.rate_limiter, { limit: '1', unit: 'DAYS' });
});

test('updateModel of no model', async () => {
  await refused(
    () => client.ml.updateModel({ model_id: 'nope', body: { name: 'a' } }),
    404, 'status_exception', /Failed to find model to update with the provided model id: nope/);
});

test('createController, updateController, getController, deleteController', async () => {
  const id = await uploaded('controlled');
  const limiter = { limit: '4', unit: 'MINUTES' };

  const { body: made } = await client.ml.createController({
    model_id: id, body: { user_rate_limiter: { user: limiter } },
  });
  assert.deepEqual(made, { model_id: id, status: 'CREATED' });
  const { body: updated } = await client.ml.updateController({
    model_id: id, body: { user_rate_limiter: { other: limiter } },
  });
  assert.equal(updated.result, 'updated');
  const { body: controller } = await client.ml.getController({ model_id: id });
  assert.deepEqual(controller, { model_id: id, user_rate_limiter: { other: limiter, user: limiter } });
  assert.equal((await client.ml.getModel({ model_id: id })).body.is_controller_enabled, true);

  const { body: deleted } = await client.ml.deleteController({ model_id: id });
  assert.equal(deleted.result, 'deleted');
  await refused(
    () => client.ml.getController({ model_id: id }), 404, 'status_exception', /Failed to find model controller/);
});
