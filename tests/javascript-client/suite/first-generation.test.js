// The names of the first releases: upload, load, unload, in the words of their time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  archiveUrl, assertClose, client, eachChunk, finished, golden, meta, modelConfig, onEveryNode, served, until, vectors,
} from '../support/cluster.js';

test('uploadModel, loadModel, predictModel, unloadModel', async () => {
  const { body } = await client.ml.uploadModel({
    body: { name: 'uploaded', version: '1.0.0', model_format: 'TORCH_SCRIPT', model_config: modelConfig, url: archiveUrl },
  });
  const task = await finished(body.task_id);
  assert.equal(task.task_type, 'UPLOAD_MODEL');
  assert.equal(typeof task.worker_node, 'string');

  const load = await client.ml.loadModel({ model_id: task.model_id });
  assert.equal((await finished(load.body.task_id)).task_type, 'LOAD_MODEL');
  assert.equal((await client.ml.getModel({ model_id: task.model_id })).body.model_state, 'LOADED');
  await served(task.model_id);

  const answer = await client.ml.predictModel({
    model_id: task.model_id, body: { text_docs: [golden[0].text], target_response: ['sentence_embedding'] },
  });
  assertClose(vectors(answer.body)[0], golden[0].vector);

  const unload = await client.ml.unloadModel({ model_id: task.model_id });
  assert.deepEqual(Object.values(unload.body).map(node => node.stats[task.model_id]), onEveryNode('deleted'));
});

test('createModelMeta, chunkModel', async () => {
  const { body } = await client.ml.createModelMeta({ body: meta('in pieces') });

  await eachChunk((number, bytes) => client.ml.chunkModel({
    model_id: body.model_id, chunk_number: number, body: bytes,
  }, { headers: { 'content-type': 'application/json' } }));

  await until('the upload', async () =>
    (await client.ml.getModel({ model_id: body.model_id })).body.model_state === 'UPLOADED');
});
