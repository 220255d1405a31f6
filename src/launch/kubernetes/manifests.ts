/** The Kubernetes objects of a project: every document of every YAML file that holds one. */
import type { Project } from '../source.ts';
import { directoryOf } from '../tree.ts';
import { type Fields, fields, items, parseYaml, scalar } from '../yaml.ts';

const SIZE_LIMIT = 512 * 1024;
const FILE_LIMIT = 1_500;
const OBJECT_LIMIT = 5_000;

/** Kinds that run pods. */
export const WORKLOADS: ReadonlySet<string> = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'Pod',
  'ReplicaSet',
  'ReplicationController',
  'DeploymentConfig',
  'Rollout',
]);
const WANTED =
  /^\s*(?:-\s+)?["']?kind["']?\s*:\s*["']?(?:Deployment|StatefulSet|DaemonSet|Job|CronJob|Pod|ReplicaSet|ReplicationController|DeploymentConfig|Rollout|ConfigMap|Secret|PersistentVolumeClaim|HorizontalPodAutoscaler|List)["']?\s*$/m;

export interface KubernetesObject {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | null;
  readonly value: Fields;
  readonly file: string;
  readonly line: number | null;
  lineOf(path: readonly (string | number)[]): number | null;
}

/** Every object of the project's manifests. Helm charts and Kustomize overlays are named as not evaluated. */
export async function kubernetesObjects(project: Project): Promise<KubernetesObject[]> {
  const objects: KubernetesObject[] = [];
  const charts = project.tree.files
    .filter((file) => file.name === 'Chart.yaml' || file.name === 'Chart.yml')
    .map((file) => file.directory);
  for (const chart of charts) {
    project.problem(
      `${chart || '.'}: a Helm chart; its templates were not evaluated (render them with "helm template" and audit the result)`,
    );
  }
  for (const file of project.tree.files) {
    if (/^kustomization\.ya?ml$/i.test(file.name)) {
      project.problem(
        `${file.path}: a Kustomize file; its patches were not evaluated (the manifests were read as they stand)`,
      );
    }
  }
  const candidates = project.tree.files.filter(
    (file) =>
      /\.(ya?ml|json)$/i.test(file.name) && !/^(package|package-lock|tsconfig.*|composer)\.json$/.test(file.name),
  );
  let read = 0;
  for (const file of candidates) {
    if (charts.some((chart) => file.path.startsWith(chart === '' ? 'templates/' : `${chart}/templates/`))) continue;
    // JSON manifests are rare, and data files in JSON are not: only those whose place says so are opened.
    if (file.name.endsWith('.json') && !/k8s|kube|deploy|manifest/i.test(file.path)) continue;
    if (/^\.github/.test(directoryOf(file.path)) || /^(pnpm-lock|yarn)/.test(file.name)) continue;
    read += 1;
    if (read > FILE_LIMIT) {
      project.problem(`only the first ${FILE_LIMIT} YAML files were searched for Kubernetes objects`);
      break;
    }
    const text = project.text(file.path);
    if (text === null || !text.includes('apiVersion') || !(WANTED.test(text) || file.name.endsWith('.json'))) continue;
    if (/\{\{[-\s]*[.\w]/.test(text) && !/kind:/.test(text)) continue;
    const parsed = await parseYaml(text, SIZE_LIMIT);
    if (!parsed.ok) {
      project.problem(`${file.path}: ${parsed.reason}`);
      continue;
    }
    for (const document of parsed.documents) {
      const value = fields(document.value);
      if (value === null) continue;
      const nested = scalar(value['kind']) === 'List' ? items(value['items']) : null;
      const found: [Fields, (string | number)[]][] =
        nested === null
          ? [[value, []]]
          : nested.map((item, index): [Fields, (string | number)[]] => [fields(item) ?? {}, ['items', index]]);
      for (const [object, prefix] of found) {
        const kind = scalar(object['kind']);
        const metadata = fields(object['metadata']);
        if (kind === null || objects.length >= OBJECT_LIMIT) continue;
        objects.push({
          kind,
          name: scalar(metadata?.['name']) ?? scalar(metadata?.['generateName']) ?? 'unnamed',
          namespace: scalar(metadata?.['namespace']),
          value: object,
          file: file.path,
          line: document.lineOf([...prefix, 'kind']),
          lineOf: (path) => document.lineOf([...prefix, ...path]),
        });
      }
    }
  }
  return objects;
}
