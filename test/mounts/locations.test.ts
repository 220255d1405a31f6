import { expect, test } from 'vitest';
import { innermostLocation, LOCATION_WORDS, LOCATIONS } from '../../src/mounts/locations.ts';
import { HEX } from './tables.ts';

/** One path for each row: what the row is for. */
const EXAMPLES = [
  '/pods/1/volumes/kubernetes.io~empty-dir/x',
  '/pods/1/volumes/kubernetes.io~secret/x',
  '/..2025_11_27_20_18_04.054483890/s.json',
  '/pods/1/volumes/kubernetes.io~local-volume/x',
  '/pods/1/volumes/kubernetes.io~csi/x',
  '/plugins/kubernetes.io/csi/ebs',
  '/pods/1/etc-hosts',
  '/io.containerd.grpc.v1.cri/sandboxes/1/hostname',
  '/storage/pvc-01ab_x',
  `/volumes/${HEX}/_data`,
  '/volumes/wa/_data',
  `/containers/${HEX}/hosts`,
  `/overlay-containers/${HEX}/userdata`,
  '/io.containerd.runtime.v2.task/k8s.io/1/rootfs',
  '/overlay2/x/diff',
  '/lxc/bot/rootfs',
  '/scon/containers/1/rootfs',
  '/machines/.#bot',
  '/alloc/89b394ef-39fa-4e2c-a636-b1f752802495',
  '/pterodactyl/volumes/1',
  '/codespacemount/workspace',
  '/tmp/systemd-private-a-b/tmp',
  '/tmp/snap-private-tmp/snap.x/tmp',
];

test('every row is reached, and the quick look lets it through', () => {
  expect(EXAMPLES.length).toBe(LOCATIONS.length);
  LOCATIONS.forEach((location, at) => {
    const example = EXAMPLES[at] ?? '';
    expect(LOCATION_WORDS.test(example), example).toBe(true);
    expect(innermostLocation(example)?.location, example).toBe(location);
  });
});

test('an ordinary path is in no such place', () => {
  expect(innermostLocation('/srv/bots/main/.wwebjs_auth/session')).toBeNull();
});
