// Today's names: register, deploy, predict, undeploy, delete.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  archive, archiveUrl, assertClose, chunkBytes, client, deployed, finished, golden, modelConfig, onEveryNode, refused,
  uploaded, vectors,
} from '../support/cluster.js';

test('registerModelMeta and uploadChunk: the document tells the content', async () => {
  const id = await uploaded('by chunks');

  const { body } = await client.ml.getModel({ model_id: id });

  assert.equal(body.name, 'by chunks');
  assert.equal(body.algorithm, 'TEXT_EMBEDDING');
  assert.equal(body.model_format, 'TORCH_SCRIPT');
  assert.equal(body.model_content_size_in_bytes, archive.length);
  assert.equal(body.total_chunks, Math.ceil(archive.length / chunkBytes));
  assert.equal(body.model_config.embedding_dimension, 8);
});

test('registerModel: a file by URL, its task names the model', async () => {
  const { body } = await client.ml.registerModel({
    body: { name: 'by url', version: '1.0.0', model_format: 'TORCH_SCRIPT', model_config: modelConfig, url: archiveUrl },
  });
  assert.equal(body.status, 'CREATED');

  const task = await finished(body.task_id);

  assert.equal(task.state, 'COMPLETED', JSON.stringify(task));
  assert.equal(task.task_type, 'REGISTER_MODEL');
  assert.ok(Array.isArray(task.worker_node));
  assert.equal((await client.ml.getModel({ model_id: task.model_id })).body.model_state, 'REGISTERED');
});

test('deployModel, predictModel, predict: vectors of the reference library', async () => {
  const id = await deployed('serving');
  assert.equal((await client.ml.getModel({ model_id: id })).body.model_state, 'DEPLOYED');

  const texts = golden.map(line => line.text);
  const body = { text_docs: texts, return_number: true, target_response: ['sentence_embedding'] };
  const answers = [
    await client.ml.predictModel({ model_id: id, body }),
    await client.ml.predict({ algorithm_name: 'text_embedding', model_id: id, body }),
  ];

  for (const answer of answers) {
    vectors(answer.body).forEach((vector, i) => assertClose(vector, golden[i].vector));
  }

  const { output: [tensor] } = answers[0].body.inference_results[0];
  assert.equal(tensor.data_type, 'FLOAT32');
  assert.deepEqual(tensor.shape, [8]);
});

test('getProfile, getProfileModels: where the model is', async () => {
  const id = await deployed('profiled');

  for (const { body } of [
    await client.ml.getProfile(),
    await client.ml.getProfileModels(),
    await client.ml.getProfileModels({ model_id: id }),
  ]) {
    const states = Object.values(body.nodes).map(node => node.models[id].model_state);
    assert.deepEqual(states, onEveryNode('DEPLOYED'));
  }
});

test('undeployModel, deleteModel: the model is gone', async () => {
  const id = await deployed('short-lived');

  const undeployed = await client.ml.undeployModel({ model_id: id });
  assert.deepEqual(Object.values(undeployed.body).map(node => node.stats[id]), onEveryNode('undeployed'));
  const again = await client.ml.undeployModel({ body: { model_ids: [id] } });
  assert.deepEqual(Object.values(again.body).map(node => node.stats[id]), onEveryNode('not_found'));
  await client.ml.deleteModel({ model_id: id });

  await refused(() => client.ml.getModel({ model_id: id }), 404, 'status_exception', /Failed to find model/);
});

test('deployModel on a node by its id', async () => {
  const id = await uploaded('placed');
  const nodes = await client.cat.nodes({ format: 'json', full_id: true, h: 'id' });

  const { body } = await client.ml.deployModel({ model_id: id, body: { node_ids: [nodes.body[0].id] } });

  const task = await finished(body.task_id);
  assert.equal(task.state, 'COMPLETED');
  assert.deepEqual(task.worker_node, [nodes.body[0].id]);
});
