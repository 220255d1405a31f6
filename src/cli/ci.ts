/** Variables that name a CI platform (vendor documentation; mounts.md, section 8). A platform is one line. */
const CI_VARIABLES = [
  'CI',
  'CONTINUOUS_INTEGRATION',
  'GITHUB_ACTIONS',
  'GITLAB_CI',
  'CIRCLECI',
  'BUILDKITE',
  'JENKINS_URL',
  'TEAMCITY_VERSION',
  'TF_BUILD',
  'BITBUCKET_BUILD_NUMBER',
  'DRONE',
  'CODEBUILD_BUILD_ID',
  'APPVEYOR',
  'TRAVIS',
  'WOODPECKER_CI',
] as const;

/** The variable that says that the doctor runs on a CI platform, or `null`. `CI=false` and `CI=0` say no. */
export function ciVariable(env: Readonly<Record<string, string | undefined>>): string | null {
  const found = CI_VARIABLES.find((name) => {
    const value = env[name];
    return value !== undefined && value !== '' && value !== 'false' && value !== '0';
  });
  return found ?? null;
}

/** Does the doctor run on a CI platform? */
export function onCi(env: Readonly<Record<string, string | undefined>>): boolean {
  return ciVariable(env) !== null;
}
