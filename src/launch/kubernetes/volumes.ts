/** Volumes of a pod and where its containers mount them. */
import type { LaunchVolume } from '../../model/launch.ts';
import { type AbsolutePath, absolutePath } from '../../model/path.ts';
import { type Declaration, type DeclaredKind, declaredMount } from '../../mounts/declare.ts';
import type { ContainerMount } from '../container.ts';
import { type Fields, fields, items, scalar } from '../yaml.ts';
import type { KubernetesObject } from './manifests.ts';

interface VolumeMeaning {
  readonly declared: DeclaredKind;
  readonly kind: LaunchVolume['kind'];
  readonly stable: LaunchVolume['stable'];
  readonly reason: string | null;
  readonly name?: string;
  readonly source?: string;
  readonly fstype?: string;
  readonly readOnly?: boolean;
}

const DIES = 'it is removed with the pod';

/** File systems that a storage class promises by its name. */
function classType(name: string | null): string | null {
  if (name === null) return null;
  if (/efs|nfs/i.test(name)) return 'nfs4';
  if (/azure-?file|smb|cifs/i.test(name)) return 'cifs';
  if (/cephfs/i.test(name)) return 'ceph';
  if (/s3|gcs-?fuse|blob-?fuse|rclone/i.test(name)) return 'fuse.s3fs';
  return null;
}

function claim(name: string, claims: ReadonlyMap<string, Fields>): VolumeMeaning {
  const fstype = classType(scalar(fields(claims.get(name)?.['spec'])?.['storageClassName']));
  return { declared: 'pvc', kind: 'claim', stable: true, reason: null, name, ...(fstype === null ? {} : { fstype }) };
}

const CLOUD_DISKS = [
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'azureDisk',
  'cinder',
  'vsphereVolume',
  'iscsi',
  'fc',
  'rbd',
  'portworxVolume',
  'storageos',
  'scaleIO',
  'flexVolume',
  'photonPersistentDisk',
  'quobyte',
];

/** What an entry of `volumes:` is. */
function meaning(volume: Fields, claims: ReadonlyMap<string, Fields>): VolumeMeaning {
  const name = scalar(volume['name']) ?? 'volume';
  const has = (key: string): Fields | null => (key in volume ? (fields(volume[key]) ?? {}) : null);
  const empty = has('emptyDir');
  if (empty !== null) {
    const memory = scalar(empty['medium']) === 'Memory';
    return {
      declared: memory ? 'memory-empty-dir' : 'empty-dir',
      kind: 'empty-dir',
      stable: false,
      reason: DIES,
      name,
    };
  }
  const pvc = has('persistentVolumeClaim');
  if (pvc !== null) return { ...claim(scalar(pvc['claimName']) ?? name, claims), readOnly: pvc['readOnly'] === true };
  const host = has('hostPath');
  if (host !== null) {
    return {
      declared: 'host-path',
      kind: 'host-path',
      stable: 'unknown',
      reason: 'it lies on one node: a pod on another node finds an empty directory',
      name,
      source: scalar(host['path']) ?? '/srv',
    };
  }
  if ('configMap' in volume || 'downwardAPI' in volume || 'projected' in volume || 'image' in volume) {
    return { declared: 'config-map', kind: 'config', stable: true, reason: null, name };
  }
  if ('secret' in volume) return { declared: 'secret', kind: 'config', stable: true, reason: null, name };
  const nfs = has('nfs');
  if (nfs !== null) {
    return {
      declared: 'pvc',
      kind: 'claim',
      stable: true,
      reason: null,
      name,
      fstype: 'nfs4',
      source: `${scalar(nfs['server']) ?? 'server'}:${scalar(nfs['path']) ?? '/'}`,
    };
  }
  if ('azureFile' in volume)
    return {
      declared: 'pvc',
      kind: 'claim',
      stable: true,
      reason: null,
      name,
      fstype: 'cifs',
      source: '//server/share',
    };
  if ('cephfs' in volume)
    return { declared: 'pvc', kind: 'claim', stable: true, reason: null, name, fstype: 'ceph', source: 'server:/' };
  if ('glusterfs' in volume)
    return {
      declared: 'pvc',
      kind: 'claim',
      stable: true,
      reason: null,
      name,
      fstype: 'fuse.glusterfs',
      source: 'server:/volume',
    };
  const csi = has('csi');
  if (csi !== null) {
    const driver = scalar(csi['driver']) ?? '';
    if (/secrets-store/.test(driver)) return { declared: 'secret', kind: 'config', stable: true, reason: null, name };
    const fstype = classType(driver);
    if (fstype !== null)
      return { declared: 'pvc', kind: 'claim', stable: true, reason: null, name, fstype, source: driver };
    return { declared: 'empty-dir', kind: 'other', stable: false, reason: `an inline CSI volume: ${DIES}`, name };
  }
  if ('ephemeral' in volume)
    return { declared: 'empty-dir', kind: 'other', stable: false, reason: `a generic ephemeral volume: ${DIES}`, name };
  if (CLOUD_DISKS.some((disk) => disk in volume))
    return { declared: 'pvc', kind: 'claim', stable: true, reason: null, name };
  // `emptyDir:` with nothing after it is null in YAML; an entry with only a name is an emptyDir (Kubernetes' default).
  return { declared: 'empty-dir', kind: 'empty-dir', stable: false, reason: DIES, name };
}

/** The mounts of one container. */
export function containerMounts(
  object: KubernetesObject,
  pod: Fields,
  container: Fields,
  path: readonly (string | number)[],
  claims: ReadonlyMap<string, Fields>,
  env: ReadonlyMap<string, string>,
): ContainerMount[] {
  const meanings = new Map<string, VolumeMeaning>();
  for (const item of items(pod['volumes'])) {
    const volume = fields(item);
    const name = scalar(volume?.['name']);
    if (volume !== null && name !== null) meanings.set(name, meaning(volume, claims));
  }
  for (const item of items(fields(object.value['spec'])?.['volumeClaimTemplates'])) {
    const template = fields(item);
    const name = scalar(fields(template?.['metadata'])?.['name']);
    if (template === null || name === null) continue;
    const fstype = classType(scalar(fields(template['spec'])?.['storageClassName']));
    meanings.set(name, {
      declared: 'pvc',
      kind: 'claim',
      stable: true,
      reason: null,
      name: `${name}-${object.name}-0`,
      ...(fstype === null ? {} : { fstype }),
    });
  }
  const mounts: ContainerMount[] = [];
  for (const [index, item] of items(container['volumeMounts']).slice(0, 500).entries()) {
    const mount = fields(item);
    const name = scalar(mount?.['name']);
    const target = scalar(mount?.['mountPath']);
    if (mount === null || name === null || target === null || !target.startsWith('/')) continue;
    const what = meanings.get(name) ?? {
      declared: 'empty-dir',
      kind: 'other',
      stable: 'unknown',
      reason: `the volume ${name} is not declared in the pod`,
      name,
    };
    const at: AbsolutePath = absolutePath(target);
    const written = scalar(mount['subPath']) ?? scalar(mount['subPathExpr']);
    const subPath = written?.replace(/\$\((\w+)\)/g, (whole, variable: string) => env.get(variable) ?? whole) ?? null;
    const declaration: Declaration = {
      kind: what.declared,
      engine: 'kubernetes',
      at,
      ...(what.name === undefined ? {} : { name: what.name }),
      ...(what.source === undefined ? {} : { source: what.source }),
      ...(what.fstype === undefined ? {} : { fstype: what.fstype }),
      ...(subPath === null ? {} : { subPath }),
      readOnly: mount['readOnly'] === true || what.readOnly === true,
    };
    const perPod =
      written !== null &&
      /POD_NAME|POD_UID|\$\(/.test(written) &&
      object.kind !== 'StatefulSet' &&
      subPath?.includes('$(') === true;
    mounts.push({
      mount: declaredMount(declaration),
      volume: {
        at,
        kind: what.kind,
        name: what.name ?? name,
        realName: null,
        stable: perPod ? false : what.stable,
        reason: perPod ? `its subPath ${written} differs for every pod` : what.reason,
        file: object.file,
        line: object.lineOf([...path, 'volumeMounts', index]),
      },
      shows: null,
    });
  }
  return mounts;
}
