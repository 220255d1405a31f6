import { describe, expect, test } from 'vitest';
import { find, one, survives, withBot } from './support/project.ts';

const IMAGE = 'FROM node:20\nWORKDIR /app\nCOPY . .\nENV A=image B=image\nCMD ["node","index.js"]';
const S = '/app/.wwebjs_auth/session';

interface Parts {
  readonly kind?: string;
  readonly spec?: string;
  readonly pod?: string;
  readonly container?: string;
  readonly rest?: string;
}

const indent = (text: string, by: number): string => text.replace(/^(?=.)/gm, ' '.repeat(by));

function workload({ kind = 'Deployment', spec = '', pod = '', container = '', rest = '' }: Parts): string {
  return `apiVersion: apps/v1\nkind: ${kind}\nmetadata:\n  name: bot\nspec:\n${indent(spec, 2)}\n  template:\n    spec:\n${indent(pod, 6)}\n      containers:\n        - name: bot\n          image: registry.example.com/wa-bot:1\n${indent(container, 10)}\n${rest}`;
}

async function bot(parts: Parts, files: Record<string, string> = {}) {
  const found = await find(withBot({ Dockerfile: IMAGE, 'k8s/bot.yaml': workload(parts), ...files }));
  return { found, launch: one(found, `kubernetes:k8s/bot.yaml#${parts.kind ?? 'Deployment'}/bot`) };
}

const mount = (more = ''): string => `volumeMounts:\n  - name: s\n    mountPath: /app/.wwebjs_auth\n${indent(more, 4)}`;

describe('volumes', () => {
  const rows: readonly {
    name: string;
    volume: string;
    mount?: string;
    recreate: unknown;
    kind: string;
    stable?: unknown;
    fstype?: string;
    rest?: string;
  }[] = [
    { name: 'emptyDir', volume: 'emptyDir: {}', recreate: false, kind: 'empty-dir', stable: false },
    { name: 'emptyDir with nothing after it', volume: 'emptyDir:', recreate: false, kind: 'empty-dir' },
    { name: 'emptyDir in memory', volume: 'emptyDir: {medium: Memory}', recreate: false, kind: 'empty-dir' },
    { name: 'claim', volume: 'persistentVolumeClaim: {claimName: wa}', recreate: true, kind: 'claim', stable: true },
    {
      name: 'claim with a subPath',
      volume: 'persistentVolumeClaim: {claimName: wa}',
      mount: 'subPath: auth',
      recreate: true,
      kind: 'claim',
      stable: true,
    },
    {
      name: 'claim with a subPath for each pod',
      volume: 'persistentVolumeClaim: {claimName: wa}',
      mount: 'subPathExpr: $(POD_NAME)',
      recreate: true,
      kind: 'claim',
      stable: false,
    },
    {
      name: 'claim of a class on NFS',
      volume: 'persistentVolumeClaim: {claimName: wa}',
      recreate: true,
      kind: 'claim',
      fstype: 'nfs4',
      rest: '---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: wa}\nspec: {storageClassName: efs-sc}\n',
    },
    { name: 'hostPath', volume: 'hostPath: {path: /srv/wa}', recreate: 'any', kind: 'host-path', stable: 'unknown' },
    { name: 'nfs', volume: 'nfs: {server: 10.0.0.1, path: /wa}', recreate: true, kind: 'claim', fstype: 'nfs4' },
    { name: 'configMap', volume: 'configMap: {name: x}', recreate: 'any', kind: 'config' },
    { name: 'secret', volume: 'secret: {secretName: x}', recreate: 'any', kind: 'config' },
    { name: 'projected', volume: 'projected: {sources: []}', recreate: 'any', kind: 'config' },
    { name: 'inline CSI', volume: 'csi: {driver: x.csi.io}', recreate: false, kind: 'other', stable: false },
    {
      name: 'generic ephemeral',
      volume: 'ephemeral: {volumeClaimTemplate: {}}',
      recreate: false,
      kind: 'other',
      stable: false,
    },
    { name: 'a disk of the cloud', volume: 'awsElasticBlockStore: {volumeID: v}', recreate: true, kind: 'claim' },
  ];
  test.each(rows)('$name', async ({ volume, mount: more, recreate, kind, stable, fstype, rest }) => {
    const { launch } = await bot({
      pod: `volumes:\n  - name: s\n    ${volume}`,
      container: mount(more),
      ...(rest === undefined ? {} : { rest }),
    });
    const found = launch.volumes?.find((one_) => one_.at === '/app/.wwebjs_auth');
    expect(found?.kind).toBe(kind);
    if (stable !== undefined) expect(found?.stable).toBe(stable);
    if (recreate !== 'any') expect(survives(launch, S).recreate).toBe(recreate);
    if (fstype !== undefined)
      expect(launch.mounts?.mounts.find((one_) => one_.mountPoint === '/app/.wwebjs_auth')?.fstype).toBe(fstype);
  });

  test('no volume: a container that is restarted starts from the image', async () => {
    const { launch } = await bot({});
    expect(survives(launch, S)).toMatchObject({ containerRestart: false, recreate: false });
  });

  test('claims of a StatefulSet', async () => {
    const { launch } = await bot({
      kind: 'StatefulSet',
      spec: 'volumeClaimTemplates:\n  - metadata: {name: s}\n    spec: {accessModes: [ReadWriteOnce]}',
      container: mount(),
    });
    expect(launch.volumes?.[0]).toMatchObject({ kind: 'claim', name: 's-bot-0', stable: true });
    expect(survives(launch, S).recreate).toBe(true);
    expect(launch.overlaps).toBe(false);
  });
});

test('environment: env over envFrom, ConfigMaps and Secrets of the tree, references, what is elsewhere', async () => {
  const { launch } = await bot(
    {
      container:
        'envFrom:\n  - configMapRef: {name: wa}\n  - configMapRef: {name: wa}\n    prefix: P_\n  - secretRef: {name: gone}\nenv:\n  - {name: A, value: pod}\n  - {name: PATHS, value: "$(A)/x/$$(A)"}\n  - name: FROM_MAP\n    valueFrom: {configMapKeyRef: {name: wa, key: DIR}}\n  - name: FROM_SECRET\n    valueFrom: {secretKeyRef: {name: sec, key: k}}\n  - name: POD\n    valueFrom: {fieldRef: {fieldPath: metadata.name}}\n  - name: MISSING\n    valueFrom: {configMapKeyRef: {name: none, key: x}}',
    },
    {
      'k8s/config.yaml':
        'apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: ConfigMap\n    metadata: {name: wa}\n    data: {DIR: /data/wa}\n  - apiVersion: v1\n    kind: Secret\n    metadata: {name: sec}\n    data: {k: aGVsbG8=}\n',
    },
  );
  expect({ ...launch.env }).toEqual({
    A: 'pod',
    B: 'image',
    DIR: '/data/wa',
    P_DIR: '/data/wa',
    PATHS: 'pod/x/$(A)',
    FROM_MAP: '/data/wa',
    FROM_SECRET: 'hello',
  });
  expect(launch.envHidden).toMatch(/the Secret gone is not in the tree/);
  expect(launch.envHidden).toMatch(/POD comes from metadata\.name/);
  expect(launch.envHidden).toMatch(/MISSING comes from the ConfigMap none/);
});

describe('owners and stopping', () => {
  test.each([
    ['RollingUpdate is the default', { spec: 'replicas: 1' }, { replicas: 1, overlaps: true }],
    ['Recreate', { spec: 'replicas: 3\nstrategy: {type: Recreate}' }, { replicas: 3, overlaps: false }],
    [
      'no surge',
      { spec: 'strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 0, maxUnavailable: 1}}' },
      { replicas: null, overlaps: false },
    ],
    [
      'a scaler',
      {
        spec: 'replicas: 1',
        rest: '---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: h}\nspec: {scaleTargetRef: {kind: Deployment, name: bot}, maxReplicas: 5}\n',
      },
      { replicas: 5 },
    ],
    [
      'grace period',
      { pod: 'terminationGracePeriodSeconds: 90' },
      { stop: expect.objectContaining({ timeoutSeconds: 90, signal: 'SIGTERM', supervisor: 'kubernetes' }) },
    ],
    ['default grace period', {}, { stop: expect.objectContaining({ timeoutSeconds: 30 }) }],
    [
      'user and memory',
      { pod: 'securityContext: {runAsUser: 1001, fsGroup: 2000}', container: 'resources: {limits: {memory: 1Gi}}' },
      { user: '1001', limits: { pids: null, memoryBytes: 1024 ** 3, shmBytes: null } },
    ],
    [
      'command, args and directory',
      { container: 'workingDir: /data\ncommand: [node]\nargs: [/app/index.js]' },
      { cwd: '/data', entry: 'index.js', command: 'node /app/index.js' },
    ],
  ] as const)('%s', async (_, parts, expected) => {
    const { launch } = await bot(parts as Parts);
    expect(launch).toMatchObject(expected);
  });

  test('a preStop hook and a read-only root are noted', async () => {
    const { launch } = await bot({
      container:
        'lifecycle: {preStop: {exec: {command: [sleep, "5"]}}}\nsecurityContext: {readOnlyRootFilesystem: true}',
    });
    expect(launch.notes.join()).toContain('preStop');
    expect(launch.mounts?.mounts[0]?.options).toContain('ro');
  });
});

test('CronJob, Pod, DaemonSet and Job are pods too; other images are not the bot', async () => {
  const pod = 'containers: [{name: bot, image: me/wa-bot}, {name: db, image: "redis:7"}]';
  const found = await find(
    withBot({
      Dockerfile: IMAGE,
      'deploy.yml': [
        `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {${pod}}`,
        `apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: c}\nspec: {jobTemplate: {spec: {template: {spec: {${pod}}}}}}`,
        `apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: d}\nspec: {template: {spec: {${pod}}}}`,
        `apiVersion: batch/v1\nkind: Job\nmetadata: {name: j}\nspec: {template: {spec: {${pod}}}}`,
        'apiVersion: v1\nkind: Service\nmetadata: {name: s}',
      ].join('\n---\n'),
    }),
  );
  expect(found.launches.filter((launch) => launch.kind === 'kubernetes').map((launch) => launch.id)).toEqual([
    'kubernetes:deploy.yml#Pod/p/bot',
    'kubernetes:deploy.yml#CronJob/c/bot',
    'kubernetes:deploy.yml#DaemonSet/d/bot',
    'kubernetes:deploy.yml#Job/j/bot',
  ]);
});

test('Helm and Kustomize are named as not evaluated', async () => {
  const found = await find(
    withBot({
      Dockerfile: IMAGE,
      'chart/Chart.yaml': 'apiVersion: v2\nname: bot\n',
      'chart/templates/d.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: {{ .Release.Name }}}\n',
      'k8s/kustomization.yaml': 'resources: [d.yaml]\n',
    }),
  );
  expect(found.problems.join('\n')).toMatch(/chart: a Helm chart/);
  expect(found.problems.join('\n')).toMatch(/k8s\/kustomization\.yaml: a Kustomize file/);
  expect(found.problems).toHaveLength(2);
  expect(found.launches.filter((launch) => launch.kind === 'kubernetes')).toEqual([]);
});
