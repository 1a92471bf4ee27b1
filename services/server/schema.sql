-- The reference server's tables. Times are UTC, written by the server from its own clock.
-- Every statement can be run again on a database that has the tables already (MySQL 8.4+, MariaDB 10.11+).

CREATE TABLE IF NOT EXISTS clients (
  id           VARCHAR(64)  NOT NULL PRIMARY KEY,
  name         VARCHAR(255) NOT NULL,
  email        VARCHAR(255) NOT NULL,
  client_token VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  is_active    TINYINT(1)   NOT NULL DEFAULT 1,
  UNIQUE KEY clients_by_token (client_token)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

CREATE TABLE IF NOT EXISTS agents (
  id                VARCHAR(64)  NOT NULL PRIMARY KEY,
  client_id         VARCHAR(64)  NOT NULL,
  logical_agent_id  VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  instance_id       VARCHAR(255) NULL,
  status            ENUM('online', 'offline') NOT NULL DEFAULT 'offline',
  last_heartbeat_at DATETIME(3)  NULL,
  created_at        DATETIME(3)  NOT NULL,
  UNIQUE KEY agents_by_logical_id (client_id, logical_agent_id),
  KEY agents_by_heartbeat (status, last_heartbeat_at),
  CONSTRAINT agents_client FOREIGN KEY (client_id) REFERENCES clients (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

CREATE TABLE IF NOT EXISTS commands (
  id         BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  agent_id   VARCHAR(64)  NOT NULL,
  command    VARCHAR(255) NOT NULL,
  arguments  JSON         NULL,
  status     ENUM('pending', 'done') NOT NULL DEFAULT 'pending',
  created_at DATETIME(3)  NOT NULL,
  KEY commands_by_agent (agent_id, status, id),
  CONSTRAINT commands_agent FOREIGN KEY (agent_id) REFERENCES agents (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

CREATE TABLE IF NOT EXISTS machines (
  client_id  VARCHAR(64)  NOT NULL,
  machine_id VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  last_seen  DATETIME(3)  NOT NULL,
  PRIMARY KEY (client_id, machine_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

CREATE TABLE IF NOT EXISTS fleet_reports (
  id              BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  client_id       VARCHAR(64)     NOT NULL,
  machine_id      VARCHAR(128)    CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  sequence        BIGINT UNSIGNED NOT NULL,
  idempotency_key VARCHAR(255)    CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  received_at     DATETIME(3)     NOT NULL,
  payload         JSON            NOT NULL,
  UNIQUE KEY fleet_reports_by_key (client_id, idempotency_key),
  KEY fleet_reports_by_machine (machine_id, sequence)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

CREATE TABLE IF NOT EXISTS system_events (
  id         BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  event_type VARCHAR(64)     NOT NULL,
  timestamp  DATETIME(3)     NOT NULL,
  client_id  VARCHAR(64)     NULL,
  agent_id   VARCHAR(64)     NULL,
  details    JSON            NOT NULL,
  KEY system_events_by_type (event_type, timestamp),
  KEY system_events_by_time (timestamp)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;
