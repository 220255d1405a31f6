import type { Mount } from '../model/mount.ts';
import { type AbsolutePath, isInside } from '../model/path.ts';
import type { Context } from './context.ts';
import { effectivePath } from './covering.ts';
import { innermostLocation } from './locations.ts';
import { platformRule } from './platform-rules.ts';
import { describeMount, type Ruling, ruling } from './ruling.ts';

/** Memory file systems: lost at reboot, and earlier where a container owns them. */
export function memory(context: Context, mount: Mount, path: AbsolutePath): Ruling {
  const evidence = describeMount(mount);
  const { engine } = context;
  const location = innermostLocation(effectivePath(mount, path)) ?? innermostLocation(path);
  if (location?.location.code === 'systemd-private-tmp') return { ...location.location, evidence };
  const pod = innermostLocation(mount.mountPoint);
  if (pod?.location.mark === 'kubernetes' || pod?.location.code === 'k8s-volume') {
    return ruling('k8s-memory-volume', 'TTFFF', 'high', 'a volume of a pod in memory: it goes with the pod', evidence);
  }
  if (location?.location.managed) {
    const pods = location.location.code === 'k8s-projected';
    return { ...location.location, survives: pods ? 'TTFFF' : 'T?FFF', evidence };
  }
  const { overlayRules, host } = context;
  if (host?.row.storage?.memory || (overlayRules.length > 0 && (mount.root === '/' || mount === context.index.root))) {
    const rule = platformRule(context, 'memory', mount);
    if (rule) return { ...rule, code: 'memory' };
  }
  if (/^\/run\/user\/\d+$/.test(mount.mountPoint)) {
    const survives = engine === 'host' ? '?T?FF' : '?F?FF';
    return ruling(
      'user-runtime-directory',
      survives,
      'high',
      "the login's runtime directory: removed when the user has no session left",
      evidence,
    );
  }
  if (engine === 'host') {
    const runtime = /^(?:\/private)?\/([^/]+)$/.exec(mount.root)?.[1];
    const named = (context.evidence.env['RUNTIME_DIRECTORY'] ?? '').split(':').some((directory) => {
      return directory.startsWith('/') && isInside(path, directory as AbsolutePath);
    });
    if (
      named ||
      isInside(path, '/run/private' as AbsolutePath) ||
      mount.mountPoint.startsWith('/run/credentials/') ||
      (runtime && mount.mountPoint === `/run/${runtime}`)
    ) {
      return ruling(
        'runtime-directory',
        '???FF',
        'medium',
        'the RuntimeDirectory of a systemd service: removed at stop unless it is preserved',
        evidence,
      );
    }
    return ruling(
      'memory',
      'TTTFF',
      'high',
      `${mount.fstype} keeps files in memory until the machine reboots`,
      evidence,
    );
  }
  if (mount.root !== '/' && mount !== context.index.root) {
    if (engine === 'kubernetes') {
      return ruling(
        'host-memory',
        'T?FFF',
        'medium',
        'a directory in the memory of the node, made for this container or pod',
        evidence,
      );
    }
    return ruling(
      'host-memory',
      'TTTFF',
      'medium',
      "a directory of the host's memory: it outlives the container, not a reboot of the host",
      evidence,
    );
  }
  if (engine === 'kubernetes') {
    // The runtime makes /dev and the masks over /proc and /sys anew for each container; /dev/shm belongs to the sandbox.
    if (mount.mountPoint !== '/dev/shm' && /^\/(dev|proc|sys)(\/|$)/.test(mount.mountPoint)) {
      return ruling('container-memory', 'TFFFF', 'high', 'memory that the runtime makes for each container', evidence);
    }
    const sized = /(?:^|,)size=/.test(mount.superOptions);
    if (sized && mount.source !== 'none') {
      return ruling(
        'k8s-memory-volume',
        'TTFFF',
        'medium',
        'a volume of the pod in memory (emptyDir with medium Memory, secret): it goes with the pod',
        evidence,
      );
    }
    return ruling('container-memory', 'T?FFF', 'medium', 'memory of the container or pod', evidence);
  }
  const survives = engine === 'application' ? 'T?FFF' : 'TFFFF';
  return ruling(
    'container-memory',
    survives,
    engine === 'application' ? 'medium' : 'high',
    'memory of the container: gone when it stops',
    evidence,
  );
}
