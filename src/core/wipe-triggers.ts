import type { Answer } from '../model/answer.ts';
import { some } from '../model/answer.ts';
import type { WipeTrigger } from '../model/report.ts';
import type { Script } from '../model/wiper.ts';
import type { FactStates } from './run.ts';

const INSTALL_HOOKS = new Set(['install', 'build']);

function verdictOf(script: Script): Answer {
  return some(script.sessions.map(({ deleted }) => deleted));
}

function describe(script: Script): string {
  const [first] = script.deletes;
  return first === undefined ? script.command : `${first.tool} ${first.pattern}`.trim();
}

/** What people run and whether it deletes the session: scripts that reach it, `npm install`, a rebuild, `git clean -fdx`. */
export function wipeTriggersOf(states: FactStates): WipeTrigger[] {
  const rows: WipeTrigger[] = [];
  const scripts = states.scripts?.ok === true ? states.scripts.value : null;
  if (scripts === null) {
    rows.push({
      what: 'scripts',
      deletes: 'unknown',
      detail: states.scripts?.ok === false ? states.scripts.reason : 'not looked at',
    });
  } else {
    for (const script of scripts) {
      const deletes = verdictOf(script);
      const notable =
        deletes === true || (deletes === 'unknown' && script.deletes.length > 0) || script.name.includes('clean');
      if (!notable) continue;
      const what = script.file.endsWith('package.json')
        ? `npm run ${script.name}`
        : script.name === script.file
          ? script.file
          : `${script.file}: ${script.name}`;
      rows.push({
        what,
        deletes,
        detail: deletes === true ? describe(script) : (script.sessions[0]?.reason ?? script.command),
      });
    }
    const install = scripts.filter(({ automatic }) => INSTALL_HOOKS.has(automatic) && automatic === 'install');
    const installs = some(install.map(verdictOf));
    rows.push({
      what: 'npm install',
      deletes: installs,
      detail:
        installs === true
          ? `through ${install.find((script) => verdictOf(script) === true)?.name}`
          : 'no install hook reaches the session',
    });
  }

  const all = states.sessions?.ok === true ? states.sessions.value : [];
  // `npm start` on a developer's machine says nothing about a rebuild where a deployment declares its mounts.
  const tabled = all.filter(({ durability }) => durability !== null);
  const sessions = tabled.length > 0 ? tabled : all;
  const recreate = sessions.map(({ durability }): Answer => {
    const answer = durability?.survives.recreate ?? 'unknown';
    return answer === 'unknown' ? 'unknown' : !answer;
  });
  const loses = sessions.find(({ durability }) => durability?.survives.recreate === false);
  rows.push({
    what: 'container rebuild',
    deletes: recreate.length === 0 ? 'unknown' : some(recreate),
    detail:
      loses?.userDataDir != null
        ? `${loses.userDataDir} is on storage that goes with the container${recreate.includes(false) ? '; other ways of starting keep it' : ''}`
        : recreate.includes('unknown') || recreate.length === 0
          ? 'no mount table says where the session lies'
          : 'the session lies on storage of its own',
  });

  const git = states.git?.ok === true ? states.git.value : null;
  for (const { path, ignored, ignoredBy, tracked } of git?.sessions ?? []) {
    // Outside of the project git neither deletes nor commits it.
    if (path.startsWith('/')) continue;
    rows.push({
      what: 'git clean -fdx',
      deletes: tracked === 'unknown' ? 'unknown' : !tracked,
      detail: tracked === true ? `${path} is tracked` : `${path} is untracked: -x deletes ignored files too`,
    });
    rows.push({
      what: 'git ignore status',
      deletes: false,
      detail:
        ignored === true
          ? `${path} is ignored by ${ignoredBy ?? 'an ignore file'}`
          : `${path} is not ignored: it can be committed by accident`,
    });
  }
  return rows;
}
