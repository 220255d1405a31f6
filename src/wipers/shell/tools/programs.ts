/**
 * Programs that do not delete what they are given, or delete only what they made themselves. They succeed in a normal run.
 * `clean`, `reset` and the like of these tools are about their own output.
 */
const NAMES = `
alias apk apt apt-get aptitude ar arch at autossh awslocal aws az bat bc bg brew bzip2 cal chattr chgrp chmod chown chsh cksum clear column comm
convert crontab cp-cli csplit dd-cli df disown dmesg docker-machine du egrep expand expr factor fallocate fc ffmpeg ffprobe fg file fmt fold free
fsck gcloud gh gpg groups gunzip gzip hash heroku host iconv ifconfig install ip iptables jobs journalctl kill killall kubectl helm last less
loginctl logger lsblk lscpu lsmod man md5sum md5 more mount netstat nl nmap nslookup od open openssl passwd paste patch pbcopy pkill printenv
ps pstree pv renice reset-terminal screen script scp sftp sha1sum sha256sum shasum shutdown sleep socat sqlite3 ss stat strings stty sum
swapoff swapon sync sysctl systemctl service supervisorctl tac telnet time tmux top tput tree tsort tty ulimit umask umount unalias unexpand
unrar unset unxz unzip uptime uuidgen vi vim nano visudo w wait wall who xdg-open xz yum dnf zcat zstd say osascript launchctl ditto xattr
codesign xcodebuild xcrun pod gem bundle rake ruby perl php composer python python3 pip pip3 pipenv poetry uv conda virtualenv pytest tox
java javac mvn mvnw gradle gradlew ant kotlin scala sbt go cargo rustc rustup wasm-pack dotnet msbuild nuget swift zig cmake ninja gcc g++ clang
deno tsc tsc-alias tsup tsdx swc babel webpack webpack-cli webpack-dev-server rollup vite vitest vue-cli-service parcel esbuild rspack rsbuild
turbopack microbundle unbuild ncc pkg nexe electron electron-builder electron-forge electron-rebuild electron-packager capacitor cap cordova
ionic expo expo-cli eas react-native react-scripts react-app-rewired craco next nuxt nuxi gatsby gatsby-cli astro remix svelte-kit svelte-check
docusaurus docusaurus-version vuepress vitepress hexo hugo eleventy jekyll ng nest nest-cli ember angular-cli lit stencil storybook
start-storybook build-storybook sb typedoc jsdoc api-extractor documentation compodoc eslint prettier tslint stylelint biome oxlint rome xo
standard ts-standard jest mocha ava tap nyc c8 karma jasmine cypress playwright wdio testcafe nightwatch lighthouse lhci puppeteer selenium
tsd dtslint husky lint-staged commitlint commitizen cz git-cz semantic-release standard-version release-it np changeset changelog auto
conventional-changelog conventional-github-releaser npm-check npm-check-updates ncu depcheck madge knip size-limit bundlesize source-map-explorer
patch-package postinstall-postinstall simple-git-hooks lefthook is-ci only-allow check-node-version opencollective opencollective-postinstall
prisma sequelize sequelize-cli typeorm knex drizzle-kit mikro-orm migrate-mongo graphql-codegen apollo relay-compiler openapi-generator
openapi-generator-cli swagger-codegen orval protoc buf json2ts quicktype hardhat truffle forge anvil ganache solc slither anchor solana aztec
gts gulp grunt brunch broccoli jake pm2 pm2-runtime forever http-server serve live-server json-server browser-sync lite-server superstatic
firebase vercel netlify wrangler serverless sls sst cdk amplify surge gh-pages now supabase railway flyctl fly doctl terraform pulumi ansible
ansible-playbook vagrant packer nx-cloud codecov coveralls snyk sonar-scanner allure mkdocs sphinx-build pdflatex pandoc sass node-sass less
lessc postcss tailwindcss stylus svgo imagemin sharp-cli ttf2woff copyfiles cpx cpy cpy-cli ncp cpr copy-files copy mkdirp make-dir mkdir-cli
make-dir-cli touch-cli replace replace-in-file renamer json sort-package-json npm-packlist publint attw wait-on wait-port kill-port fkill
open-cli opener concurrent envsubst envinfo dotenv-linter watchman adb fastlane bump bumpp tap-spec ts-mocha cross-port-killer kill-port-process
prebuild prebuild-install prebuildify node-gyp node-pre-gyp node-gyp-build cmake-js napi neon rimraf-noop yalc verdaccio ts-prune tsc-files
typecoverage type-coverage markdownlint markdownlint-cli markdown-link-check remark textlint alex cspell ls-lint license-checker
license-checker-rseidelsohn licensee webpack-bundle-analyzer serve-static esbuild-register ts-jest heft rush rushx bazel bazelisk ultra wsrun
syncpack manypkg preconstruct bob builder-bob react-native-builder-bob crowdin i18next i18next-parser lingui formatjs vsce ovsx web-ext
crx chrome-webstore-upload zx-noop psql mysql mysqldump mongosh mongo mongodump mongorestore redis-cli redis-server pg_dump pg_restore createdb
dropdb createuser sqlite memcached nginx apachectl certbot caddy ngrok localtunnel lt cloudflared tailscale sentry-cli new-relic datadog-ci
appcenter codepush code-push detox maestro figma cowsay figlet boxen chalk-cli ora gitmoji all-contributors doctoc lerna-changelog
true-case-path license-check-and-add nodemon-noop tsgo tsm-noop flutter dart hap rescript bsb elm elm-app purs spago coffee lsc civet tslib
cdktf copilot samlocal sam localstack step stripe twilio slack shopify ghost strapi directus keystone payload sanity contentful medusa
`;

export const KNOWN_PROGRAMS: ReadonlySet<string> = new Set(NAMES.split(/\s+/).filter((name) => name !== ''));

/** Programs that run a JavaScript or TypeScript file: their options with a value, and words before the file. */
export const JAVASCRIPT_RUNNERS: ReadonlyMap<
  string,
  { readonly valued: ReadonlySet<string>; readonly words: ReadonlySet<string> }
> = new Map(
  (
    [
      [
        'node',
        'r require import loader experimental-loader C conditions env-file inspect-port title input-type stack-trace-limit',
        '',
      ],
      ['nodejs', 'r require import loader', ''],
      ['ts-node', 'r require P project O compiler-options T I', ''],
      ['ts-node-esm', 'r require P project', ''],
      ['ts-node-dev', 'r require P project ignore-watch debounce', ''],
      ['tsnd', 'r require P project ignore-watch', ''],
      ['tsx', 'tsconfig r require import', 'watch'],
      ['tsm', 'r require', ''],
      ['esno', '', ''],
      ['esmo', '', ''],
      ['jiti', '', ''],
      ['esr', '', ''],
      ['sucrase-node', '', ''],
      ['swc-node', 'r require', ''],
      ['babel-node', 'r require x extensions presets plugins config-file', ''],
      ['babel-watch', 'x watch w exclude', ''],
      ['esbuild-runner', '', ''],
      ['vite-node', 'c config', ''],
      ['zx', 'shell prefix', ''],
      ['node-dev', '', ''],
      ['supervisor', 'w e x i n', ''],
      ['coffee', '', ''],
      ['deno', 'c config import-map', 'run'],
    ] as const
  ).map(([name, valued, words]) => [name, { valued: new Set(valued.split(' ')), words: new Set(words.split(' ')) }]),
);
