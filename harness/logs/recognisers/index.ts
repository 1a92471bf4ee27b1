/** Every recogniser. Of several that read a line the first is taken, unless one that comes later reads more of the log. */
import type { Recogniser, Wrapper } from '../recogniser.ts';
import { cri, dockerCompose, dockerJson, svlogd, timestamps } from '../wrappers/containers.ts';
import { syslog, syslog5424 } from '../wrappers/syslog.ts';
import { accessLog } from './access-log.ts';
import { apache } from './apache.ts';
import { bunyan } from './bunyan.ts';
import { chromium } from './chromium.ts';
import { crash } from './crash.ts';
import { dotnet } from './dotnet.ts';
import { ecsJson } from './ecs-json.ts';
import { envLogger } from './env-logger.ts';
import { gcp } from './gcp.ts';
import { glog } from './glog.ts';
import { goLog } from './go-log.ts';
import { gunicorn } from './gunicorn.ts';
import { hclog } from './hclog.ts';
import { javaUtilLogging } from './java-util-logging.ts';
import { journaldJson } from './journald-json.ts';
import { json } from './json.ts';
import { log4j } from './log4j.ts';
import { logcat } from './logcat.ts';
import { logfmt } from './logfmt.ts';
import { logrus } from './logrus.ts';
import { logrusConsole } from './logrus-console.ts';
import { loguru } from './loguru.ts';
import { loguruJson } from './loguru-json.ts';
import { mongodb } from './mongodb.ts';
import { mysql } from './mysql.ts';
import { nest } from './nest.ts';
import { nginx } from './nginx.ts';
import { nlog } from './nlog.ts';
import { php } from './php.ts';
import { pino } from './pino.ts';
import { pinoPretty } from './pino-pretty.ts';
import { postgres } from './postgres.ts';
import { pythonLogging } from './python-logging.ts';
import { redis } from './redis.ts';
import { rich } from './rich.ts';
import { ruby } from './ruby.ts';
import { serilog } from './serilog.ts';
import { serilogJson } from './serilog-json.ts';
import { slogDefault } from './slog-default.ts';
import { slogJson } from './slog-json.ts';
import { slogText } from './slog-text.ts';
import { springBoot } from './spring-boot.ts';
import { structlog } from './structlog.ts';
import { telegraf } from './telegraf.ts';
import { text } from './text.ts';
import { tracing } from './tracing.ts';
import { tracingJson } from './tracing-json.ts';
import { uvicorn } from './uvicorn.ts';
import { winston } from './winston.ts';
import { zapConsole } from './zap-console.ts';
import { zapJson } from './zap-json.ts';
import { zerologConsole } from './zerolog-console.ts';
import { zerologJson } from './zerolog-json.ts';

/** What reads a line by itself, from the particular to the general; those that are shapes rather than formats come last. */
export const recognisers: readonly Recogniser[] = [
  bunyan,
  pino,
  slogJson,
  zapJson,
  tracingJson,
  loguruJson,
  journaldJson,
  serilogJson,
  ecsJson,
  zerologJson,
  winston,
  gcp,
  slogText,
  logrus,
  uvicorn,
  gunicorn,
  loguru,
  rich,
  springBoot,
  javaUtilLogging,
  zapConsole,
  zerologConsole,
  logrusConsole,
  hclog,
  glog,
  envLogger,
  tracing,
  dotnet,
  serilog,
  nlog,
  pinoPretty,
  structlog,
  telegraf,
  chromium,
  logcat,
  nest,
  mongodb,
  ruby,
  php,
  mysql,
  postgres,
  redis,
  nginx,
  apache,
  accessLog,
  slogDefault,
  goLog,
  pythonLogging,
  log4j,
  json,
  logfmt,
  crash,
  text,
];

/** What carries lines of other formats. */
export const wrappers: readonly Wrapper[] = [
  syslog5424,
  syslog,
  dockerJson,
  cri,
  timestamps,
  svlogd,
  dockerCompose,
];
