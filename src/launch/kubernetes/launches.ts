/** Pods of the project's manifests that run the bot. */
import type { Launch } from '../../model/launch.ts';
import { type Container, containerLaunches } from '../container.ts';
import { type Candidate, likelyBot, type OwnImage, ownImages } from '../own-image.ts';
import { kubernetesBytes } from '../quantities.ts';
import type { Project } from '../source.ts';
import { type Fields, fields, items, scalar, whole } from '../yaml.ts';
import { type KubernetesObject, kubernetesObjects, WORKLOADS } from './manifests.ts';
import { containerMounts } from './volumes.ts';

/** Kubernetes' own default for terminationGracePeriodSeconds. */
const STOP_SECONDS = 30;

/** Launches of every workload, and why the others are none. */
export async function kubernetesLaunches(project: Project): Promise<{ launches: Launch[]; skipped: string[] }> {
  const objects = await kubernetesObjects(project);
  const workloads = objects.filter((object) => WORKLOADS.has(object.kind)).slice(0, 300);
  const launches: Launch[] = [];
  const skipped: string[] = [];
  if (workloads.length === 0) return { launches, skipped };
  const images = await ownImages(project);
  const all = workloads.flatMap((object) =>
    containersOf(object).map((container) => candidateOf(object, container.value)),
  );
  for (const object of workloads) {
    for (const container of containersOf(object)) {
      const found = await launchesOf(project, object, container, objects, images, all);
      launches.push(...found.launches);
      if (found.skipped !== null) skipped.push(found.skipped);
    }
  }
  return { launches, skipped };
}

interface PodContainer {
  readonly pod: Fields;
  readonly value: Fields;
  readonly path: readonly (string | number)[];
}

function podOf(object: KubernetesObject): { pod: Fields; path: string[] } | null {
  const path =
    object.kind === 'Pod'
      ? ['spec']
      : object.kind === 'CronJob'
        ? ['spec', 'jobTemplate', 'spec', 'template', 'spec']
        : ['spec', 'template', 'spec'];
  let value: Fields | null = object.value;
  for (const key of path) value = fields(value?.[key]);
  return value === null ? null : { pod: value, path };
}

function containersOf(object: KubernetesObject): PodContainer[] {
  const found = podOf(object);
  if (found === null) return [];
  return items(found.pod['containers'])
    .slice(0, 50)
    .flatMap((item, index): PodContainer[] => {
      const value = fields(item);
      return value === null ? [] : [{ pod: found.pod, value, path: [...found.path, 'containers', index] }];
    });
}

function candidateOf(object: KubernetesObject, container: Fields): Candidate {
  return {
    name: `${object.name} ${scalar(container['name']) ?? ''}`,
    image: scalar(container['image']),
    targets: items(container['volumeMounts']).map((mount) => scalar(fields(mount)?.['mountPath']) ?? ''),
  };
}

async function launchesOf(
  project: Project,
  object: KubernetesObject,
  container: PodContainer,
  objects: readonly KubernetesObject[],
  images: readonly OwnImage[],
  all: readonly Candidate[],
): Promise<{ launches: Launch[]; skipped: string | null }> {
  const reason = likelyBot(project, candidateOf(object, container.value), all);
  const label = `${object.file} ${object.kind} ${object.name}`;
  if (reason === null)
    return { launches: [], skipped: `${label} runs ${scalar(container.value['image'])}, which is not the bot` };
  for (const image of images) {
    const described = describe(object, container, objects, image);
    const note = `it runs ${scalar(container.value['image'])}; it is taken for the image of ${image.dockerfile} because ${reason}`;
    const found = await containerLaunches(project, { ...described, notes: [...described.notes, note] });
    if (found.launches.length > 0) return found;
  }
  if (images.length > 0) return { launches: [], skipped: `${label} could not be tied to a Dockerfile of the bot` };
  // Without a Dockerfile only a working directory says where the bot lies.
  const workdir = scalar(container.value['workingDir']);
  if (workdir === null) {
    project.problem(
      `${label}: nothing in the tree says where the bot lies in the image ${scalar(container.value['image'])}`,
    );
    return { launches: [], skipped: null };
  }
  return containerLaunches(project, {
    ...describe(object, container, objects, null),
    presumed: `its image is built elsewhere; it is taken for the bot because ${reason}`,
  });
}

/** Environment of a container in Kubernetes' order: envFrom, then env. */
function environment(
  object: KubernetesObject,
  container: Fields,
  objects: readonly KubernetesObject[],
): { env: Map<string, string>; hidden: string[] } {
  const env = new Map<string, string>();
  const hidden: string[] = [];
  const dataOf = (kind: 'ConfigMap' | 'Secret', name: string | null): Map<string, string> | null => {
    const found = objects.find(
      (candidate) =>
        candidate.kind === kind &&
        candidate.name === name &&
        (candidate.namespace === object.namespace || candidate.namespace === null || object.namespace === null),
    );
    if (found === undefined) return null;
    const data = new Map<string, string>();
    for (const [key, value] of Object.entries(fields(found.value['data']) ?? {})) {
      const text = scalar(value) ?? '';
      data.set(key, kind === 'Secret' ? decodeBase64(text) : text);
    }
    for (const [key, value] of Object.entries(fields(found.value['stringData']) ?? {}))
      data.set(key, scalar(value) ?? '');
    return data;
  };
  for (const item of items(container['envFrom'])) {
    const source = fields(item);
    const prefix = scalar(source?.['prefix']) ?? '';
    for (const [key, kind] of [
      ['configMapRef', 'ConfigMap'],
      ['secretRef', 'Secret'],
    ] as const) {
      const reference = fields(source?.[key]);
      if (reference === null) continue;
      const name = scalar(reference['name']);
      const data = dataOf(kind, name);
      if (data === null) hidden.push(`the ${kind} ${name} is not in the tree`);
      else for (const [variable, value] of data) env.set(prefix + variable, value);
    }
  }
  for (const item of items(container['env'])) {
    const variable = fields(item);
    const name = scalar(variable?.['name']);
    if (variable === null || name === null) continue;
    const from = fields(variable['valueFrom']);
    if (from === null) {
      env.set(name, references(scalar(variable['value']) ?? '', env));
      continue;
    }
    const config = fields(from['configMapKeyRef']);
    const secret = fields(from['secretKeyRef']);
    const reference = config ?? secret;
    const value =
      reference === null
        ? null
        : (dataOf(config === null ? 'Secret' : 'ConfigMap', scalar(reference['name']))?.get(
            scalar(reference['key']) ?? '',
          ) ?? null);
    if (value === null) {
      env.delete(name);
      const place =
        reference === null
          ? (scalar(fields(from['fieldRef'])?.['fieldPath']) ?? 'the cluster')
          : `${config === null ? 'the Secret' : 'the ConfigMap'} ${scalar(reference['name'])}`;
      hidden.push(`${name} comes from ${place}`);
    } else env.set(name, value);
  }
  return { env, hidden };
}

function references(text: string, env: ReadonlyMap<string, string>): string {
  return text
    .slice(0, 32_768)
    .replace(/\$(\$)?\((\w+)\)/g, (written, escaped: string | undefined, name: string) =>
      escaped === undefined ? (env.get(name) ?? written) : `$(${name})`,
    );
}

/** Base64 without Node: the pure modules do not use its globals. */
function decodeBase64(text: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(text.replace(/\s+/g, '')), (char) => char.charCodeAt(0)));
  } catch {
    return '';
  }
}

function replicasOf(object: KubernetesObject, objects: readonly KubernetesObject[], notes: string[]): number | null {
  const spec = fields(object.value['spec']);
  const scaler = objects.find((candidate) => {
    const target = fields(fields(candidate.value['spec'])?.['scaleTargetRef']);
    return (
      candidate.kind === 'HorizontalPodAutoscaler' &&
      scalar(target?.['name']) === object.name &&
      scalar(target?.['kind']) === object.kind
    );
  });
  if (scaler !== undefined) {
    const most = whole(fields(scaler.value['spec'])?.['maxReplicas']);
    notes.push(`the HorizontalPodAutoscaler ${scaler.name} (${scaler.file}) scales it up to ${most ?? 'several'} pods`);
    if (most !== null) return most;
  }
  if (object.kind === 'DaemonSet') notes.push('a DaemonSet runs one pod on each node');
  if (object.kind === 'Job') return whole(spec?.['parallelism']);
  return whole(spec?.['replicas']);
}

/** Do the old and the new pod run side by side at an update? */
function overlapsOf(object: KubernetesObject): Launch['overlaps'] {
  const spec = fields(object.value['spec']);
  if (object.kind === 'Deployment' || object.kind === 'DeploymentConfig') {
    const strategy = fields(spec?.['strategy']);
    const type = scalar(strategy?.['type']);
    if (type === 'Recreate') return false;
    const surge = scalar(fields(strategy?.['rollingUpdate'])?.['maxSurge']);
    return surge !== '0' && surge !== '0%';
  }
  if (object.kind === 'DaemonSet') {
    const surge = scalar(fields(fields(spec?.['updateStrategy'])?.['rollingUpdate'])?.['maxSurge']);
    return surge !== null && surge !== '0' && surge !== '0%';
  }
  if (object.kind === 'CronJob')
    return scalar(spec?.['concurrencyPolicy']) === 'Forbid' || scalar(spec?.['concurrencyPolicy']) === 'Replace'
      ? false
      : 'unknown';
  return false;
}

const textList = (value: unknown): string[] | null =>
  Array.isArray(value) ? value.map((item) => scalar(item) ?? '') : null;

function describe(
  object: KubernetesObject,
  { pod, value, path }: PodContainer,
  objects: readonly KubernetesObject[],
  image: OwnImage | null,
): Container {
  const { env, hidden } = environment(object, value, objects);
  const notes: string[] = [];
  const claims = new Map(
    objects
      .filter((candidate) => candidate.kind === 'PersistentVolumeClaim')
      .map((candidate) => [candidate.name, candidate.value]),
  );
  const mounts = containerMounts(object, pod, value, path, claims, env);
  const context = fields(value['securityContext']);
  const podContext = fields(pod['securityContext']);
  const user = scalar(context?.['runAsUser']) ?? scalar(podContext?.['runAsUser']);
  const group = scalar(podContext?.['fsGroup']);
  if (group !== null) notes.push(`fsGroup ${group} gives the volumes to that group`);
  if (fields(fields(value['lifecycle'])?.['preStop']) !== null)
    notes.push('a preStop hook runs before the signal and counts against the grace period');
  const replicas = replicasOf(object, objects, notes);
  const command = textList(value['command'])?.map((word) => references(word, env)) ?? null;
  const args = textList(value['args'])?.map((word) => references(word, env)) ?? null;
  const memory = kubernetesBytes(scalar(fields(fields(value['resources'])?.['limits'])?.['memory']));
  const shm = items(pod['volumes'])
    .map(fields)
    .find((volume) => {
      const mount = mounts.find((candidate) => candidate.volume.at === '/dev/shm');
      return mount !== undefined && scalar(volume?.['name']) === mount.volume.name;
    });
  const name = scalar(value['name']) ?? 'container';
  const several = items(pod['containers']).length > 1;
  return {
    id: `kubernetes:${object.file}#${object.kind}/${object.name}${several ? `/${name}` : ''}`,
    kind: 'kubernetes',
    file: object.file,
    line: object.line,
    origin: `${object.file} ${object.kind} ${object.name}${several ? ` container ${name}` : ''}`,
    engine: 'kubernetes',
    stage: image?.stage ?? null,
    dockerfile: image?.dockerfile ?? null,
    context: image?.context ?? null,
    image: scalar(value['image']),
    // Kubernetes' `command` is the entrypoint, its `args` the command.
    entrypoint: command === null ? null : { words: command },
    command: args === null ? null : { words: args },
    workdir: scalar(value['workingDir']),
    env,
    hidden,
    user,
    mounts,
    replicas,
    overlaps: overlapsOf(object),
    supervisor: 'kubernetes',
    stopSignal: scalar(fields(value['lifecycle'])?.['stopSignal']),
    stopSeconds: whole(pod['terminationGracePeriodSeconds']) ?? STOP_SECONDS,
    init: pod['shareProcessNamespace'] === true,
    limits: {
      pids: null,
      memoryBytes: memory,
      shmBytes: kubernetesBytes(scalar(fields(shm?.['emptyDir'])?.['sizeLimit'])),
    },
    notes,
    presumed: null,
    rootReadOnly: context?.['readOnlyRootFilesystem'] === true,
  };
}
