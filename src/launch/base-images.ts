/** What public base images set, as far as a start command depends on it (from their own Dockerfiles). */

export interface BaseImage {
  readonly workdir?: string;
  readonly user?: string;
  readonly home?: string;
  readonly entrypoint?: readonly string[];
  /** Does the image hold a JavaScript runtime or a browser, so that a bot could run in it? */
  readonly runtime: boolean;
}

/** Matched against the image's name without registry, tag and digest. First match counts. */
const KNOWN: readonly (readonly [RegExp, BaseImage])[] = [
  [/^(library\/)?node$/, { entrypoint: ['docker-entrypoint.sh'], runtime: true }],
  [/^oven\/bun$/, { workdir: '/home/bun/app', entrypoint: ['/usr/local/bin/docker-entrypoint.sh'], runtime: true }],
  [/^(puppeteer\/)?puppeteer$/, { workdir: '/home/pptruser', user: 'pptruser', home: '/home/pptruser', runtime: true }],
  [/^(buildkite|alekzonder|ghcr\.io)\/puppeteer$/, { runtime: true }],
  [/^zenika\/alpine-chrome$/, { workdir: '/usr/src/app', user: 'chrome', home: '/home/chrome', runtime: true }],
  [/^bitnami\/node$/, { workdir: '/app', runtime: true }],
];

/** Services that stand beside a bot and are never the bot itself. */
const INFRASTRUCTURE =
  /(^|\/)(mongo|mongodb|mongo-express|redis|redis-stack|redis-stack-server|valkey|keydb|dragonfly|redisinsight|redis-commander|postgres|postgresql|postgis|pgadmin4|pgbouncer|adminer|mysql|mysql-server|mariadb|phpmyadmin|mssql|cassandra|elasticsearch|kibana|logstash|opensearch|meilisearch|typesense|qdrant|weaviate|chroma|milvus|ollama|nginx|nginx-proxy|nginx-proxy-manager|traefik|caddy|haproxy|envoy|certbot|swag|cloudflared|ngrok|rabbitmq|kafka|zookeeper|nats|mosquitto|emqx|minio|mc|localstack|n8n|nodered|node-red|grafana|prometheus|loki|promtail|alertmanager|node-exporter|cadvisor|jaeger|otel-collector|portainer|portainer-ce|watchtower|autoheal|dozzle|vault|consul|keycloak|supabase|gotrue|postgrest|kong|studio|mailhog|mailpit|smtp|chatwoot|typebot|typebot-builder|typebot-viewer|chrome|chromium|browserless|firefox|selenium|standalone-chrome|hub|busybox|alpine|ubuntu|debian|php|wordpress|httpd|tomcat|python|golang|openjdk|memcached|influxdb|timescaledb|clickhouse|clickhouse-server|uptime-kuma|metabase|strapi|directus|hasura|flowise|evolution-api|waha|wppconnect-server|wuzapi|whisper|asterisk)$/;

/** An image's name split: registry and repository without tag and digest. */
export function repositoryOf(image: string): string {
  const plain = image.replace(/@sha256:[0-9a-f]+$/i, '');
  const colon = plain.lastIndexOf(':');
  const untagged = colon > plain.lastIndexOf('/') ? plain.slice(0, colon) : plain;
  return untagged.replace(/^[^/]*[.:][^/]*\//, '').replace(/^localhost\//, '');
}

export function baseImage(image: string): BaseImage | null {
  const repository = repositoryOf(image);
  return KNOWN.find(([pattern]) => pattern.test(repository))?.[1] ?? null;
}

/** Of these, what people also build their own images on. */
const GROUND =
  /(^|\/)(alpine|ubuntu|debian|busybox|python|golang|php|openjdk|chrome|chromium|browserless|firefox|selenium|standalone-chrome)$/;

/** Does an image made on this one serve something else than a bot (nginx, a database)? */
export function isOtherServer(base: string): boolean {
  return isInfrastructure(base) && !GROUND.test(repositoryOf(base));
}

/** Is it a database, a proxy or another known program rather than an image of somebody's own? */
export function isInfrastructure(image: string): boolean {
  return INFRASTRUCTURE.test(repositoryOf(image));
}

/** Home directory of a user in an image; `null` where it cannot be told. */
export function homeOf(user: string | null, base: string | null): string | null {
  const name = user?.split(':')[0] ?? null;
  const known = base === null ? null : baseImage(base);
  if (name === null || name === '' || name === 'root' || name === '0') return '/root';
  if (known?.user === name && known.home !== undefined) return known.home;
  if (name === 'node' || name === '1000')
    return base !== null && /^(library\/)?node$/.test(repositoryOf(base))
      ? '/home/node'
      : name === 'node'
        ? '/home/node'
        : null;
  return /^\d+$/.test(name) ? null : `/home/${name}`;
}
