// What notebooks set before they begin.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { client, refused } from '../support/cluster.js';

test('putSettings, getSettings, and back', async () => {
  const settings = {
    'plugins.ml_commons.only_run_on_ml_node': false,
    'plugins.ml_commons.model_access_control_enabled': false,
    'plugins.ml_commons.native_memory_threshold': 99,
  };

  const put = await client.cluster.putSettings({ body: { persistent: settings } });
  assert.equal(put.body.acknowledged, true);
  assert.equal(put.body.persistent.plugins.ml_commons.native_memory_threshold, '99');

  const { body } = await client.cluster.getSettings({ flat_settings: true });
  assert.equal(body.persistent['plugins.ml_commons.only_run_on_ml_node'], 'false');

  await client.cluster.putSettings({ body: { persistent: { 'plugins.ml_commons.*': null } } });
  assert.deepEqual((await client.cluster.getSettings()).body.persistent, {});
});

test('a setting that nobody knows', async () => {
  await refused(
    () => client.cluster.putSettings({ body: { persistent: { 'plugins.ml_commons.no_such_setting': 1 } } }),
    400, 'illegal_argument_exception', /plugins\.ml_commons\.no_such_setting.*not recognized/);
});
