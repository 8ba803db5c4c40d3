// Tasks, and the endpoints around the models that clients call first.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  archiveOf, client, finished, heldBack, meta, newClient, onEveryNode, refused, until, uploaded,
} from '../support/cluster.js';

/** What each form of a profile that tells all tasks says of one, on whichever node. */
async function profiled(taskId) {
  const forms = [
    await client.ml.getProfile(),
    await client.ml.getProfileTasks(),
    await client.ml.getProfile({ body: { return_all_tasks: true } }),
    await client.ml.getProfileTasks({ task_id: taskId }),
  ];
  return forms.map(({ body }) => Object.values(body.nodes ?? {}).map(node => node.tasks?.[taskId]).find(task => task));
}

/** The profile's task in all forms, once all of them have it: a search knows it a moment later. */
const listed = taskId => until(`task ${taskId} in profiles`, async () => {
  const tasks = await profiled(taskId);
  return tasks.every(task => task) && tasks;
});

test('getTask, getProfileTasks, deleteTask', async () => {
  const model = await uploaded('with a task');
  const { body } = await client.ml.deployModel({ model_id: model });
  const task = await finished(body.task_id);
  assert.equal(task.model_id, model);
  assert.equal(task.function_name, 'TEXT_EMBEDDING');
  assert.equal((await client.ml.getProfileTasks({ task_id: body.task_id })).statusCode, 200);

  const deleted = await client.ml.deleteTask({ task_id: body.task_id });

  assert.equal(deleted.body.result, 'deleted');
  await refused(() => client.ml.getTask({ task_id: body.task_id }), 404, 'status_exception', /Failed to find task/);
});

test('getProfile, getProfileTasks: a registration that runs', async () => {
  const download = await heldBack();
  const { body } = await client.ml.registerModel({ body: { ...meta('slow'), url: download.url } });

  for (const task of await listed(body.task_id)) {
    assert.equal(task.task_type, 'REGISTER_MODEL');
    assert.equal(task.state, 'CREATED');
  }

  download.finish();
  assert.equal((await finished(body.task_id)).state, 'COMPLETED');
});

test('getProfile, getProfileTasks: a deployment that runs', async () => {
  const model = await uploaded('stuck', archiveOf('never-returns-in-set-state'));
  const { body } = await client.ml.deployModel({ model_id: model });

  for (const task of await listed(body.task_id)) {
    assert.equal(task.task_type, 'DEPLOY_MODEL');
    assert.equal(task.state, 'RUNNING');
    assert.equal(task.model_id, model);
  }

  await client.ml.undeployModel({ model_id: model });
  await finished(body.task_id);
});

test('getStats: at every level, of one node, by name', async () => {
  const model = await uploaded('counted');
  await until('the count of models', async () => (await client.ml.getStats()).body.ml_model_count > 0);

  const { body } = await client.ml.getStats();
  assert.equal(body.ml_model_index_status, 'green');
  const [id, node] = Object.entries(body.nodes).find(([, { models }]) => models?.[model]?.register);
  assert.equal(node.models[model].register.ml_action_request_count, 1);

  const named = await client.ml.getStats({ node_id: id, stat: 'ml_request_count' });
  assert.ok(named.body.nodes[id].ml_request_count >= node.ml_request_count);
  assert.deepEqual(Object.keys(named.body), ['nodes']);
  await refused(() => client.ml.getStats({ stat: 'nothing' }), 400, 'illegal_argument_exception', /Wrong ML cluster level stat/);
});

test('info, ping, cluster.health, cat.nodes, nodes.info', async () => {
  const info = await client.info();
  assert.equal(info.body.version.distribution, 'opensearch');
  assert.equal((await client.ping()).statusCode, 200);
  assert.equal((await client.cluster.health()).body.number_of_nodes, onEveryNode('').length);
  assert.match((await client.cat.nodes()).body, /\n$/);
  assert.equal(Object.keys((await client.nodes.info()).body.nodes).length, onEveryNode('').length);
});

test('sniffOnStart: the gateways of the cluster', async () => {
  const sniffing = newClient({ sniffOnStart: true });

  const { hosts } = await new Promise((resolve, reject) =>
    sniffing.on('sniff', (error, { meta }) => (error ? reject(error) : resolve(meta.sniff))));

  const { body } = await client.nodes.info({ metric: 'http' });
  assert.deepEqual(hosts.map(host => host.url.host), Object.values(body.nodes).map(node => node.http.publish_address));
  await sniffing.close();
});
