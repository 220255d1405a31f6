import type { Letters } from './survival.ts';

/**
 * A sign by which a platform is known. One is enough.
 * Variables marked `hint` are not documented by their vendor: what they decide has low confidence.
 */
export type Sign =
  | { readonly env: string; readonly is?: RegExp; readonly hint?: boolean }
  | { readonly envPrefix: string; readonly hint?: boolean }
  /** A variable of process 1 (`/proc/1/environ`). */
  | { readonly proc1: string; readonly is?: RegExp }
  | { readonly file: string; readonly without?: string }
  /** `/proc/sys/kernel/osrelease`. */
  | { readonly osrelease: RegExp }
  /** `/proc/version`. */
  | { readonly version: RegExp }
  /** What `/run/systemd/container` or `/run/host/container-manager` says. */
  | { readonly manager: RegExp }
  /** The type of the mount at `/`. */
  | { readonly rootType: string; readonly source?: RegExp }
  /** A mount of this type anywhere in the table. */
  | { readonly mountType: string; readonly source?: RegExp; readonly options?: RegExp; readonly under?: string }
  /** Super options of the mount at `/`. */
  | { readonly rootOptions: RegExp }
  /** The root field of the mount at one of these points, or of `/`. */
  | { readonly mountRoot: RegExp; readonly at: readonly string[] };

/**
 * What the platform does with storage, whatever the mount looks like. Letters as in `survival.ts`.
 * A rule may call something persistent only where it is a mount of its own.
 */
export interface StorageRules {
  /** The mount at `/` and everything on it. */
  readonly root?: Letters;
  /** Any other mount of a local disk that no location pattern explains. */
  readonly disk?: Letters;
  /** A tmpfs with root `/`. */
  readonly memory?: Letters;
  /** A host directory or volume that the engine mounted (a scheduler may place the next container on another machine). */
  readonly bind?: Letters;
  /** Mount points with a rule of their own, innermost first; `mount`: only where a mount lies at or below that point. */
  readonly places?: readonly {
    readonly at: string;
    readonly mount: boolean;
    readonly survives: Letters;
    readonly text: string;
  }[];
  /** Why, in one sentence. */
  readonly text: string;
  /** What people run or see when the storage is lost. */
  readonly event: string;
}

export type Family =
  | 'kubernetes'
  | 'engine'
  | 'system-container'
  | 'sandbox'
  | 'paas'
  | 'workspace'
  | 'ci'
  | 'machine'
  | 'confinement';

export interface PlatformRow {
  /** Stable word in reports: `docker`, `fly`. */
  readonly kind: string;
  /** For people: `Fly.io`. */
  readonly name: string;
  readonly family: Family;
  readonly signs: readonly Sign[];
  readonly storage?: StorageRules;
  /** Another row that this one stands for when a more exact rule is missing: a hosted Kubernetes. */
  readonly implies?: string;
  /** None of these signs may hold. */
  readonly unless?: readonly Sign[];
  /** The platform never runs a Docker or Podman engine under the bot: where the mounts show one, its variables came along by other ways. */
  readonly noEngine?: boolean;
}

const env = (...names: string[]): Sign[] => names.map((name) => ({ env: name }));
const hint = (...prefixes: string[]): Sign[] => prefixes.map((prefix) => ({ envPrefix: prefix, hint: true }));

/** A hosting platform that starts every instance from its image, and keeps only what is mounted as a volume. */
const ephemeral = (event: string, text: string, more: Partial<StorageRules> = {}): StorageRules => ({
  root: 'TFFFF',
  disk: 'TTTT?',
  memory: 'TFFFF',
  text,
  event,
  ...more,
});

/** A CI job on a machine or container that is thrown away. */
const perJob = (text: string): StorageRules => ({
  root: 'TTF?F',
  disk: 'TTF?F',
  bind: 'TTF?F',
  text,
  event: 'the end of the job',
});

/**
 * Every platform that the doctor knows. To add one, add one line: a kind, a name, a family and the signs; storage rules where the look
 * of the mounts does not tell the truth. Order: innermost first, which is the order of `kinds` in a report.
 * Sources for each row: docs/storage.md.
 */
export const PLATFORMS: readonly PlatformRow[] = [
  // Sandboxes: they hide what is behind a mount
  {
    kind: 'gvisor',
    name: 'gVisor',
    family: 'sandbox',
    signs: [
      { version: /gvisor/i },
      { mountType: '9p', source: /^none$/, options: /(?:^|,)rfdno=/ },
      { mountType: 'dev', source: /^none$/ },
    ],
  },
  {
    kind: 'kata',
    name: 'Kata Containers',
    family: 'sandbox',
    signs: [{ mountType: 'virtiofs', source: /^(kataShared|none)$/ }],
  },
  // Hosting platforms
  {
    kind: 'fly',
    name: 'Fly.io',
    family: 'paas',
    noEngine: true,
    signs: [...env('FLY_APP_NAME', 'FLY_MACHINE_ID', 'FLY_ALLOC_ID'), { rootOptions: /upperdir=\/\.fly-upper-layer/ }],
    storage: ephemeral(
      'a restart, update or deploy of the Fly Machine',
      'Fly resets the root of a Machine at every restart, update and deploy unless persist_rootfs is set',
      {
        disk: 'TTTTF',
        places: [
          {
            at: '/.fly-upper-layer',
            mount: false,
            survives: 'TFFFF',
            text: 'the upper layer of the disposable root, no volume',
          },
        ],
      },
    ),
  },
  {
    kind: 'heroku',
    name: 'Heroku',
    family: 'paas',
    noEngine: true,
    signs: [{ env: 'DYNO', is: /^[a-z][\w-]*\.\d+$/i }],
    storage: ephemeral('a dyno restart (at least once a day)', 'Heroku discards the file system when the dyno stops', {
      disk: 'TFFFF',
    }),
  },
  {
    kind: 'render',
    name: 'Render',
    family: 'paas',
    signs: [{ env: 'RENDER', is: /^true$/i }],
    storage: ephemeral('a redeploy or restart on Render', 'Render loses local changes at every redeploy or restart'),
  },
  {
    kind: 'railway',
    name: 'Railway',
    family: 'paas',
    signs: env('RAILWAY_PROJECT_ID', 'RAILWAY_SERVICE_ID', 'RAILWAY_ENVIRONMENT_ID', 'RAILWAY_ENVIRONMENT'),
    storage: ephemeral(
      'a redeploy on Railway',
      'Railway starts each deployment from its image; only a volume is kept',
      { root: 'T?FFF' },
    ),
  },
  {
    kind: 'cloud-run',
    name: 'Cloud Run',
    family: 'paas',
    noEngine: true,
    signs: env('K_SERVICE', 'K_REVISION', 'CLOUD_RUN_JOB'),
    storage: ephemeral(
      'the end of the Cloud Run instance',
      'Cloud Run keeps files in memory, and its disks, only as long as the instance',
      {
        disk: 'TFFFF',
      },
    ),
  },
  {
    kind: 'app-engine',
    name: 'App Engine',
    family: 'paas',
    noEngine: true,
    signs: env('GAE_SERVICE', 'GAE_INSTANCE'),
    storage: ephemeral(
      'the end of the App Engine instance',
      'App Engine keeps local files only as long as the instance',
      { disk: 'TFFFF' },
    ),
  },
  {
    kind: 'lambda',
    name: 'AWS Lambda',
    family: 'paas',
    noEngine: true,
    signs: env('AWS_LAMBDA_FUNCTION_NAME', 'LAMBDA_TASK_ROOT'),
    storage: ephemeral(
      'the end of the execution environment',
      'Lambda keeps /tmp only as long as one execution environment',
      {
        disk: 'TFFFF',
      },
    ),
  },
  {
    kind: 'fargate',
    name: 'AWS Fargate',
    family: 'paas',
    signs: [{ env: 'AWS_EXECUTION_ENV', is: /^AWS_ECS_FARGATE$/ }],
    storage: ephemeral('a new Fargate task (every deploy)', 'Fargate drops the storage of a task when the task stops', {
      root: 'T?FFF',
      disk: 'TTF??',
      bind: 'TTFFF',
      memory: 'T?FFF',
    }),
  },
  {
    kind: 'ecs',
    name: 'Amazon ECS',
    family: 'paas',
    signs: [
      ...env('ECS_CONTAINER_METADATA_URI_V4', 'ECS_CONTAINER_METADATA_URI'),
      { env: 'AWS_EXECUTION_ENV', is: /^AWS_ECS_EC2$/ },
    ],
    unless: [{ env: 'AWS_EXECUTION_ENV', is: /^AWS_ECS_FARGATE$/ }],
    storage: ephemeral(
      'a new ECS task (every deploy)',
      'ECS starts a new container for each task, on any instance of the cluster',
      {
        root: 'T?FFF',
        disk: 'TTF??',
        bind: 'TT?TF',
        memory: 'T?FFF',
      },
    ),
  },
  {
    kind: 'azure-app-service',
    name: 'Azure App Service',
    family: 'paas',
    signs: [{ env: 'WEBSITE_SITE_NAME' }, { env: 'WEBSITE_INSTANCE_ID' }],
    storage: ephemeral('an app restart or redeploy', 'App Service keeps nothing outside /home beyond an app restart', {
      disk: 'T???F',
      bind: 'T???F',
    }),
  },
  {
    kind: 'azure-container-apps',
    name: 'Azure Container Apps',
    family: 'paas',
    signs: env('CONTAINER_APP_NAME', 'CONTAINER_APP_REVISION'),
    implies: 'kubernetes',
    storage: ephemeral('a new replica or revision', 'Container Apps starts every replica from its image', {
      disk: 'TTF?F',
    }),
  },
  {
    kind: 'cloud-foundry',
    name: 'Cloud Foundry',
    family: 'paas',
    noEngine: true,
    signs: [...env('VCAP_APPLICATION'), { rootOptions: /upperdir=[^,]*\/grootfs\// }],
    storage: ephemeral(
      'a restart or restage',
      'Cloud Foundry replaces the disk of an app at every restart and restage',
      { disk: 'TFFFF' },
    ),
  },
  {
    kind: 'replit-deployment',
    name: 'Replit (published app)',
    family: 'paas',
    noEngine: true,
    signs: env('REPLIT_DEPLOYMENT'),
    storage: ephemeral(
      'a restart or redeploy of the published app',
      'the file system of a published Replit app is not kept',
      {
        disk: 'TFFFF',
      },
    ),
  },
  {
    kind: 'hugging-face',
    name: 'Hugging Face Spaces',
    family: 'paas',
    signs: [{ env: 'SPACE_ID' }],
    storage: ephemeral('a restart of the Space', 'a Space starts from its image; only the paid /data is kept', {
      disk: 'T??FF',
      places: [{ at: '/data', mount: true, survives: 'TTTT?', text: 'the persistent storage of the Space' }],
    }),
  },
  {
    kind: 'pterodactyl',
    name: 'Pterodactyl',
    family: 'paas',
    signs: env('P_SERVER_UUID', 'P_SERVER_LOCATION'),
    storage: ephemeral(
      'every start of the server',
      'the panel removes the container and makes it again at every start',
      {
        disk: 'TTTTF',
        places: [{ at: '/home/container', mount: true, survives: 'TTTTF', text: 'the server directory of the panel' }],
      },
    ),
  },
  {
    kind: 'vercel',
    name: 'Vercel',
    family: 'paas',
    noEngine: true,
    signs: [{ env: 'VERCEL', is: /^1$/ }],
    storage: ephemeral('the end of the function', 'functions keep no files', { disk: 'TFFFF' }),
  },
  {
    kind: 'koyeb',
    name: 'Koyeb',
    family: 'paas',
    signs: hint('KOYEB_APP', 'KOYEB_SERVICE', 'KOYEB_INSTANCE'),
    storage: ephemeral('a redeploy on Koyeb', 'Koyeb starts each instance from its image'),
  },
  {
    kind: 'northflank',
    name: 'Northflank',
    family: 'paas',
    signs: hint('NF_'),
    storage: ephemeral('a redeploy on Northflank', 'Northflank starts each instance from its image'),
  },
  {
    kind: 'zeabur',
    name: 'Zeabur',
    family: 'paas',
    signs: hint('ZEABUR_'),
    storage: ephemeral('a redeploy on Zeabur', 'Zeabur starts each instance from its image'),
  },
  {
    kind: 'digitalocean-app',
    name: 'DigitalOcean App Platform',
    family: 'paas',
    signs: hint('DIGITALOCEAN_APP_'),
    storage: ephemeral('a redeploy on App Platform', 'App Platform has no volumes', { disk: 'TFFFF' }),
  },
  // Workspaces
  {
    kind: 'codespaces',
    name: 'GitHub Codespaces',
    family: 'workspace',
    signs: [{ env: 'CODESPACES', is: /^true$/i }, { env: 'CODESPACE_NAME' }],
    storage: {
      root: 'TTFT?',
      places: [{ at: '/workspaces', mount: true, survives: 'TTTT?', text: 'the workspace disk of the codespace' }],
      text: 'a rebuild of the codespace makes the container anew; only /workspaces stays',
      event: 'a rebuild of the codespace',
    },
  },
  {
    kind: 'gitpod',
    name: 'Gitpod',
    family: 'workspace',
    noEngine: true,
    signs: env('GITPOD_WORKSPACE_ID'),
    storage: ephemeral('a stop of the workspace', 'Gitpod keeps nothing outside /workspace between runs', {
      disk: 'TFFFF',
      places: [
        { at: '/workspace', mount: true, survives: 'TTTT?', text: 'the directory that this Gitpod workspace keeps' },
      ],
    }),
  },
  {
    kind: 'replit',
    name: 'Replit',
    family: 'workspace',
    signs: env('REPL_ID'),
    unless: env('REPLIT_DEPLOYMENT'),
    storage: ephemeral('a new Replit container', 'Replit keeps the workspace and nothing else', {
      root: 'T?F?F',
      places: [{ at: '/home/runner', mount: true, survives: 'TTTT?', text: 'the Replit workspace' }],
    }),
  },
  {
    kind: 'codesandbox',
    name: 'CodeSandbox',
    family: 'workspace',
    signs: hint('CODESANDBOX_', 'CSB_'),
    storage: {
      root: 'T????',
      places: [{ at: '/project', mount: true, survives: 'TTTT?', text: 'the project directory of the sandbox' }],
      text: 'CodeSandbox keeps snapshots of its microVM, how long is not documented',
      event: 'a new CodeSandbox VM',
    },
  },
  // CI
  {
    kind: 'github-actions',
    name: 'GitHub Actions',
    family: 'ci',
    signs: [{ env: 'GITHUB_ACTIONS', is: /^true$/i }],
    unless: [{ env: 'RUNNER_ENVIRONMENT', is: /^self-hosted$/ }],
    storage: perJob('a hosted runner is one virtual machine for one job'),
  },
  {
    kind: 'gitlab-ci',
    name: 'GitLab CI',
    family: 'ci',
    signs: env('GITLAB_CI'),
    storage: perJob('a job starts from its image; only caches and artefacts are kept'),
  },
  {
    kind: 'circleci',
    name: 'CircleCI',
    family: 'ci',
    signs: env('CIRCLECI'),
    storage: perJob('a job starts from its image; only caches and artefacts are kept'),
  },
  {
    kind: 'travis',
    name: 'Travis CI',
    family: 'ci',
    signs: [{ env: 'TRAVIS', is: /^true$/i }],
    storage: perJob('one machine for one job'),
  },
  {
    kind: 'bitbucket',
    name: 'Bitbucket Pipelines',
    family: 'ci',
    signs: env('BITBUCKET_BUILD_NUMBER'),
    storage: perJob('one container for one step'),
  },
  {
    kind: 'codebuild',
    name: 'AWS CodeBuild',
    family: 'ci',
    signs: env('CODEBUILD_BUILD_ID'),
    storage: perJob('one container for one build'),
  },
  {
    kind: 'appveyor',
    name: 'AppVeyor',
    family: 'ci',
    signs: env('APPVEYOR'),
    storage: perJob('one machine for one job'),
  },
  {
    kind: 'cirrus',
    name: 'Cirrus CI',
    family: 'ci',
    signs: env('CIRRUS_CI'),
    storage: perJob('one container for one task'),
  },
  {
    kind: 'semaphore',
    name: 'Semaphore',
    family: 'ci',
    signs: env('SEMAPHORE_WORKFLOW_ID'),
    storage: perJob('one machine for one job'),
  },
  { kind: 'azure-pipelines', name: 'Azure Pipelines', family: 'ci', signs: [{ env: 'TF_BUILD', is: /^true$/i }] },
  {
    kind: 'github-actions-self-hosted',
    name: 'GitHub Actions (self-hosted)',
    family: 'ci',
    signs: [{ env: 'RUNNER_ENVIRONMENT', is: /^self-hosted$/ }],
  },
  { kind: 'jenkins', name: 'Jenkins', family: 'ci', signs: env('JENKINS_URL') },
  { kind: 'buildkite', name: 'Buildkite', family: 'ci', signs: env('BUILDKITE') },
  { kind: 'teamcity', name: 'TeamCity', family: 'ci', signs: env('TEAMCITY_VERSION') },
  { kind: 'ci', name: 'a CI job', family: 'ci', signs: [{ env: 'CI', is: /^(true|1)$/i }] },
  // Orchestrators and engines
  {
    kind: 'kubernetes',
    name: 'Kubernetes',
    family: 'kubernetes',
    signs: [
      ...env('KUBERNETES_SERVICE_HOST'),
      { file: '/run/secrets/kubernetes.io/serviceaccount/token' },
      { file: '/var/run/secrets/kubernetes.io/serviceaccount/token' },
    ],
  },
  {
    kind: 'nomad',
    name: 'Nomad',
    family: 'engine',
    signs: env('NOMAD_ALLOC_ID', 'NOMAD_ALLOC_DIR'),
    storage: {
      bind: 'TT?TF',
      memory: 'T?FFF',
      text: 'Nomad may place the next allocation on another client, and a host volume stays where it is',
      event: 'a new Nomad allocation',
    },
  },
  {
    kind: 'containerd',
    name: 'containerd',
    family: 'engine',
    signs: [{ rootOptions: /upperdir=[^,]*\/io\.containerd\.snapshotter\./ }],
  },
  { kind: 'cri-o', name: 'CRI-O', family: 'engine', signs: [{ proc1: 'container', is: /^crio$/ }] },
  {
    kind: 'podman',
    name: 'Podman',
    family: 'engine',
    signs: [
      { file: '/run/.containerenv' },
      { env: 'container', is: /^podman$/ },
      { proc1: 'container', is: /^podman$/ },
      { rootOptions: /upperdir=[^,]*\/containers\/storage\/overlay\// },
      { rootType: 'fuse.fuse-overlayfs' },
      { mountRoot: /\/containers\/storage\/(vfs\/dir|btrfs\/subvolumes)\/[0-9a-f]{64}/, at: ['/'] },
      {
        // One directory a storage driver: overlay-containers, vfs-containers, btrfs-containers (podman 4.3, seen).
        mountRoot: /\/(containers\/storage\/containers\/|(overlay|vfs|btrfs|zfs)-containers\/)/,
        at: ['/etc/hosts', '/etc/resolv.conf', '/etc/hostname', '/run/.containerenv'],
      },
    ],
  },
  {
    kind: 'docker',
    name: 'Docker',
    family: 'engine',
    signs: [
      { file: '/.dockerenv' },
      { env: 'container', is: /^docker$/ },
      { proc1: 'container', is: /^docker$/ },
      { rootOptions: /upperdir=[^,]*\/overlay2\/[^,/]+\/diff/ },
      { rootOptions: /upperdir=[^,]*\/docker\// },
      { mountRoot: /(?:^|\/)containers\/[0-9a-f]{64}\//, at: ['/etc/hosts', '/etc/resolv.conf', '/etc/hostname'] },
      { mountRoot: /(?<!\/containers\/storage)\/(vfs\/dir|btrfs\/subvolumes)\/[0-9a-f]{64}/, at: ['/'] },
      { rootType: 'zfs', source: /\/[0-9a-f]{64}$/ },
      { rootType: 'ext4', source: /\/docker-\d+:\d+-\d+-[0-9a-f]{64}$/ },
      { rootType: 'xfs', source: /\/docker-\d+:\d+-\d+-[0-9a-f]{64}$/ },
    ],
  },
  // System containers
  {
    kind: 'lxc',
    name: 'LXC',
    family: 'system-container',
    signs: [
      { env: 'container', is: /^lxc/ },
      { proc1: 'container', is: /^lxc/ },
      { manager: /^lxc/ },
      { file: '/dev/lxd/sock' },
      { file: '/dev/incus/sock' },
      { mountRoot: /\/(lxc\/[^/]+|containers\/[^/]+)\/rootfs$/, at: ['/'] },
      { mountType: 'fuse.lxcfs', under: '/proc/' },
    ],
  },
  {
    kind: 'nspawn',
    name: 'systemd-nspawn',
    family: 'system-container',
    signs: [
      { env: 'container', is: /^systemd-nspawn$/ },
      { proc1: 'container', is: /^systemd-nspawn$/ },
      { manager: /^systemd-nspawn/ },
      {
        mountRoot: /\/systemd\/nspawn\//,
        at: ['/run/systemd/nspawn/incoming', '/run/host/incoming', '/run/systemd/incoming'],
      },
    ],
  },
  {
    kind: 'openvz',
    name: 'OpenVZ',
    family: 'system-container',
    signs: [{ file: '/proc/vz', without: '/proc/bc' }, { rootType: 'simfs' }],
  },
  // Confinement on a host
  { kind: 'snap', name: 'a snap', family: 'confinement', signs: [{ env: 'SNAP_NAME' }, { env: 'SNAP_REVISION' }] },
  {
    kind: 'flatpak',
    name: 'a Flatpak',
    family: 'confinement',
    signs: [{ env: 'FLATPAK_ID' }, { file: '/.flatpak-info' }, { env: 'container', is: /^flatpak$/ }],
    storage: {
      memory: 'FFFFF',
      text: 'the sandbox of a Flatpak is made anew at every start',
      event: 'the next start of the app',
    },
  },
  { kind: 'systemd-service', name: 'a systemd service', family: 'confinement', signs: [{ env: 'INVOCATION_ID' }] },
  { kind: 'termux', name: 'Termux', family: 'confinement', signs: [{ env: 'TERMUX_VERSION' }] },
  // Machines
  {
    kind: 'docker-desktop',
    name: 'Docker Desktop',
    family: 'machine',
    signs: [
      { osrelease: /linuxkit/i },
      { mountType: 'fakeowner' },
      { mountType: 'fuse.grpcfuse' },
      { mountType: 'fuse.osxfs' },
    ],
  },
  {
    kind: 'orbstack',
    name: 'OrbStack',
    family: 'machine',
    signs: [{ osrelease: /orbstack/i }, { mountRoot: /\/scon\/containers\//, at: ['/'] }],
  },
  { kind: 'wsl2', name: 'WSL 2', family: 'machine', signs: [{ osrelease: /microsoft-standard|WSL2/i }] },
  {
    kind: 'wsl1',
    name: 'WSL 1',
    family: 'machine',
    signs: [{ osrelease: /^\d+\.\d+\.\d+-\d+-Microsoft$/ }, { rootType: 'lxfs' }, { rootType: 'wslfs' }],
  },
  {
    kind: 'wsl',
    name: 'WSL',
    family: 'machine',
    signs: [{ env: 'WSL_DISTRO_NAME' }, { env: 'WSL_INTEROP' }],
    unless: [{ osrelease: /microsoft/i }],
  },
  { kind: 'firecracker', name: 'Firecracker', family: 'machine', signs: [{ env: 'FLY_MACHINE_ID' }] },
];

/** Files whose presence tells a platform: what `gatherPlatformEvidence` looks for. */
export const PLATFORM_FILES: readonly string[] = [
  ...new Set(
    PLATFORMS.flatMap((row) =>
      row.signs.flatMap((sign) => ('file' in sign ? [sign.file, ...(sign.without ? [sign.without] : [])] : [])),
    ),
  ),
];

/** Variables that the rules read, exact names. Nothing else of the environment is kept as evidence. */
export const PLATFORM_VARIABLES: readonly string[] = [
  ...new Set([
    ...PLATFORMS.flatMap((row) =>
      [...row.signs, ...(row.unless ?? [])].flatMap((sign) =>
        'env' in sign ? [sign.env] : 'proc1' in sign ? [sign.proc1] : [],
      ),
    ),
    'WEBSITES_ENABLE_APP_SERVICE_STORAGE',
    'RAILWAY_VOLUME_MOUNT_PATH',
    'RUNTIME_DIRECTORY',
    'STATE_DIRECTORY',
    'TMPDIR',
    'OneDrive',
    'OneDriveConsumer',
    'OneDriveCommercial',
    'TEMP',
    'TMP',
  ]),
];

/** Prefixes of variables that the rules read. */
export const PLATFORM_VARIABLE_PREFIXES: readonly string[] = [
  ...new Set(PLATFORMS.flatMap((row) => row.signs.flatMap((sign) => ('envPrefix' in sign ? [sign.envPrefix] : [])))),
];
