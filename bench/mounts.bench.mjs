// The cost of judging 200 paths on mount tables of 1,000, 5,000 and 20,000 lines, with the real binary, beside an empty Node process.
// Shown figures: CPU (user and system) in ms, the least of several runs. `node bench/mounts.bench.mjs`, or imported by bench.mjs.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const BINARY = resolve(import.meta.dirname, '../bin/wa-doctor.js');
export const SIZES = [1000, 5000, 20000];
const PATHS = 200;

/** A node of a cluster: pod volumes, container roots, and in between the places where bots live. */
export function nodeTable(lines) {
  const out = [
    '22 28 0:21 / /sys rw,nosuid,nodev,noexec,relatime shared:7 - sysfs sysfs rw',
    '23 28 0:22 / /proc rw,nosuid,nodev,noexec,relatime shared:13 - proc proc rw',
    '24 28 0:5 / /dev rw,nosuid shared:2 - devtmpfs devtmpfs rw,size=4096k,mode=755',
    '26 28 0:24 / /run rw,nosuid,nodev shared:5 - tmpfs tmpfs rw,size=13012340k,mode=755',
    '28 1 259:1 / / rw,noatime shared:1 - xfs /dev/nvme0n1p1 rw,attr2,inode64,noquota',
  ];
  const hex = (n, length) => (n * 2654435761).toString(16).padStart(length, '0').slice(0, length).padEnd(length, 'a');
  for (let n = 0; out.length < lines; n += 1) {
    const id = 100 + out.length;
    const pod = `${hex(n, 8)}-0000-4000-8000-${hex(n, 12)}`;
    const kind = n % 4;
    if (kind === 0)
      out.push(
        `${id} 28 0:${id} / /var/lib/kubelet/pods/${pod}/volumes/kubernetes.io~projected/kube-api-access-${hex(n, 5)} rw,relatime shared:${id} - tmpfs tmpfs rw,size=2097152k,noswap`,
      );
    else if (kind === 1)
      out.push(
        `${id} 26 0:${id} / /run/containerd/io.containerd.runtime.v2.task/k8s.io/${hex(n, 64)}/rootfs rw,relatime shared:${id} - overlay overlay rw,lowerdir=/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/${n}/fs:/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/${n + 1}/fs,upperdir=/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/${n + 2}/fs,workdir=/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/${n + 2}/work`,
      );
    else if (kind === 2)
      out.push(
        `${id} 28 259:${n % 200} / /var/lib/kubelet/pods/${pod}/volumes/kubernetes.io~csi/pvc-${pod}/mount rw,relatime shared:${id} - ext4 /dev/nvme${n % 200}n1 rw`,
      );
    else
      out.push(
        `${id} 28 8:${n % 16} /data/${n} /srv/bots/${n % 50 === 3 ? 'bot\\040' : 'bot'}${n} rw,relatime shared:${id} - ext4 /dev/sdb1 rw`,
      );
  }
  return `${out.join('\n')}\n`;
}

/** CPU of a child in ms, told by itself as it ends. */
function cpuOf(hook, args) {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 5; run += 1) {
    const child = spawnSync(process.execPath, ['-r', hook, ...args], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      env: { PATH: process.env.PATH },
    });
    const told = /cpu=(\d+)/.exec(child.stderr);
    if (child.status !== 0 || !told) throw new Error(child.stderr);
    least = Math.min(least, Number(told[1]) / 1000);
  }
  return least;
}

/** @returns {{ lines: number, cpu: number, over: number }[]} `over`: ms more than `node -e 0` */
export function mountsBench() {
  const directory = mkdtempSync(join(tmpdir(), 'wa-bench-'));
  try {
    const hook = join(directory, 'hook.cjs');
    writeFileSync(
      hook,
      "process.on('exit', () => { const { user, system } = process.cpuUsage(); require('node:fs').writeSync(2, 'cpu=' + (user + system) + '\\n'); });\n",
    );
    const paths = Array.from({ length: PATHS }, (_, n) =>
      n % 2 === 0 ? `/srv/bots/bot${n * 4 + 3}/session` : `/home/me/bot${n}/.wwebjs_auth`,
    );
    const empty = cpuOf(hook, ['-e', '0']);
    return SIZES.map((lines) => {
      const file = join(directory, `${lines}.mountinfo`);
      writeFileSync(file, nodeTable(lines));
      const cpu = cpuOf(hook, [BINARY, 'mounts', '--mountinfo', file, '--json', ...paths]);
      return { lines, cpu, over: cpu - empty };
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { lines, cpu, over } of mountsBench()) {
    console.log(
      `${String(lines).padStart(6)} lines, ${PATHS} paths: ${cpu.toFixed(0)} ms CPU, ${over.toFixed(0)} ms more than node -e 0`,
    );
  }
}
