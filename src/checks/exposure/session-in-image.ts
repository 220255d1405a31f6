import { defineCheck } from '../../model/check.ts';

export default defineCheck({
  code: 'WA604',
  name: 'session-in-image',
  family: 'exposure',
  severity: 'warning',
  needs: ['handling'],
  targets: ['host', 'repo'],
  since: '0.1.0',
  effort: 'low',
  what: 'The session directory goes into the Docker build context or into an image.',
  why:
    'An image that is built beside a running bot takes the profile along: the registry then holds the credential, every container starts from the ' +
    'same stale copy, and two of them on one login end the link.',
  fix: ['Add the session directory to .dockerignore.'],
  run({ handling }) {
    if (handling.images.length === 0) return { findings: [], notApplicable: 'no image is built from this project' };
    return {
      findings: handling.images.flatMap(({ dockerfile, line, context, ignoreFile, sessions }) => {
        const copied = sessions.filter((session) => session.copied === true);
        const sent = sessions.filter(({ inContext }) => inContext === true);
        const [first] = copied.length > 0 ? copied : sent;
        if (first === undefined) return [];
        const keep = first.path.replace(/\/(?:session|RemoteAuth)(?:-[^/]*)?$/, '');
        const inContext = context !== '' && keep.startsWith(`${context}/`) ? keep.slice(context.length + 1) : keep;
        const file = ignoreFile ?? (context === '' ? '.dockerignore' : `${context}/.dockerignore`);
        return [
          {
            severity: copied.length > 0 ? ('warning' as const) : ('info' as const),
            confidence: 'high' as const,
            message:
              copied.length > 0
                ? `A build of ${dockerfile} copies the session ${first.path} into the image when it is there.`
                : `The session ${first.path} is sent to every build of ${dockerfile}, although nothing copies it.`,
            event: 'docker build where the bot has run',
            locations: [{ file: dockerfile, ...(line === null ? {} : { line }) }],
            evidence: [
              ignoreFile === null ? 'there is no .dockerignore' : `no rule of ${ignoreFile} matches ${inContext}`,
            ],
            remediation: {
              summary: 'Keep it out of the build context',
              steps: [`Add the line ${inContext} to ${file}.`],
            },
            identity: ['image', dockerfile, first.path],
          },
        ];
      }),
    };
  },
});
