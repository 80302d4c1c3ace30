CREATE TABLE `accounts` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`external_id_policy` text DEFAULT 'set' NOT NULL,
	`created_at` integer NOT NULL,
	CONSTRAINT "accounts_external_id_policy" CHECK("accounts"."external_id_policy" in ('set', 'leave'))
) STRICT;
--> statement-breakpoint
CREATE TABLE `api_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`label` text NOT NULL,
	`secret_hash` text NOT NULL,
	`created_at` integer NOT NULL,
	`revoked_at` integer,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `api_keys_account` ON `api_keys` (`account_id`);--> statement-breakpoint
CREATE TABLE `certificate_requests` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`public_key_hash` text NOT NULL,
	`private_key_encrypted` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `certificate_requests_public_key` ON `certificate_requests` (`account_id`,`public_key_hash`);--> statement-breakpoint
CREATE TABLE `certificate_warnings` (
	`account_id` text NOT NULL,
	`fingerprint` text NOT NULL,
	`days_before` integer NOT NULL,
	`announced_at` integer NOT NULL,
	PRIMARY KEY(`account_id`, `fingerprint`, `days_before`),
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "certificate_warnings_days_before" CHECK("certificate_warnings"."days_before" in (30, 14, 7, 1, 0))
) STRICT;
--> statement-breakpoint
CREATE TABLE `counters` (
	`name` text PRIMARY KEY NOT NULL,
	`value` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `device_logs` (
	`message` text PRIMARY KEY NOT NULL,
	`example` text NOT NULL,
	`count` integer NOT NULL,
	`first_at` integer NOT NULL,
	`last_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE INDEX `device_logs_last` ON `device_logs` (`last_at`);--> statement-breakpoint
CREATE TABLE `devices` (
	`device_id` text NOT NULL,
	`pass_type_identifier` text NOT NULL,
	`push_token` text NOT NULL,
	`refreshed_at` integer NOT NULL,
	`last_push_at` integer,
	`last_push_result` text,
	PRIMARY KEY(`device_id`, `pass_type_identifier`)
) STRICT;
--> statement-breakpoint
CREATE TABLE `idempotency_keys` (
	`account_id` text NOT NULL,
	`key` text NOT NULL,
	`body_hash` text NOT NULL,
	`serial` text NOT NULL,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`account_id`, `key`),
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`serial`) REFERENCES `passes`(`serial`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `idempotency_keys_expiry` ON `idempotency_keys` (`expires_at`);--> statement-breakpoint
CREATE TABLE `images` (
	`sha256` text PRIMARY KEY NOT NULL,
	`bytes` blob NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `klaviyo_connections` (
	`account_id` text PRIMARY KEY NOT NULL,
	`mode` text NOT NULL,
	`api_key_encrypted` text,
	`klaviyo_account_id` text,
	`organization_name` text,
	`connected_at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "klaviyo_connections_mode" CHECK("klaviyo_connections"."mode" in ('sandbox', 'live')),
	CONSTRAINT "klaviyo_connections_key" CHECK(("klaviyo_connections"."mode" = 'live') = ("klaviyo_connections"."api_key_encrypted" is not null))
) STRICT;
--> statement-breakpoint
CREATE TABLE `outbox` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`account_id` text NOT NULL,
	`kind` text NOT NULL,
	`channel` text NOT NULL,
	`ordering_key` text NOT NULL,
	`idempotency_key` text NOT NULL,
	`payload` text NOT NULL,
	`state` text NOT NULL,
	`attempts` integer NOT NULL,
	`failing_since` integer,
	`run_at` integer NOT NULL,
	`lease_token` text,
	`lease_until` integer,
	`last_error` text,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "outbox_state" CHECK("outbox"."state" in ('waiting', 'ready', 'leased', 'dead')),
	CONSTRAINT "outbox_lease_fields" CHECK(("outbox"."state" = 'leased') = ("outbox"."lease_token" is not null)),
	CONSTRAINT "outbox_lease_pair" CHECK(("outbox"."lease_token" is null) = ("outbox"."lease_until" is null))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `outbox_idempotency_key` ON `outbox` (`idempotency_key`);--> statement-breakpoint
CREATE UNIQUE INDEX `outbox_one_at_a_time` ON `outbox` (`ordering_key`) WHERE "outbox"."state" in ('ready', 'leased');--> statement-breakpoint
CREATE INDEX `outbox_ordering_key` ON `outbox` (`ordering_key`,`state`,`id`);--> statement-breakpoint
CREATE INDEX `outbox_due` ON `outbox` (`account_id`,`kind`,`channel`,`state`,`run_at`,`id`);--> statement-breakpoint
CREATE INDEX `outbox_lease` ON `outbox` (`lease_until`) WHERE "outbox"."state" = 'leased';--> statement-breakpoint
CREATE TABLE `outbox_lanes` (
	`account_id` text NOT NULL,
	`kind` text NOT NULL,
	`channel` text NOT NULL,
	`closed_until` integer NOT NULL,
	`alarm` text,
	PRIMARY KEY(`account_id`, `kind`, `channel`),
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE TABLE `pass_events` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`serial` text NOT NULL,
	`kind` text NOT NULL,
	`version` integer NOT NULL,
	`at` integer NOT NULL,
	`changed_fields` text NOT NULL,
	FOREIGN KEY (`serial`) REFERENCES `passes`(`serial`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "pass_events_kind" CHECK("pass_events"."kind" in ('created', 'installed', 'updated', 'uninstalled', 'deleted'))
) STRICT;
--> statement-breakpoint
CREATE INDEX `pass_events_serial` ON `pass_events` (`serial`,`id`);--> statement-breakpoint
CREATE TABLE `passes` (
	`serial` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`template_id` text NOT NULL,
	`recipient_id` text NOT NULL,
	`fields` text NOT NULL,
	`state` text NOT NULL,
	`voided` integer NOT NULL,
	`installed_at` integer,
	`version` integer NOT NULL,
	`last_modified` integer NOT NULL,
	`content_hash` text DEFAULT '' NOT NULL,
	`update_tag` integer DEFAULT 0 NOT NULL,
	`reusable` integer NOT NULL,
	`external_id_rule` text NOT NULL,
	`flow_id` text,
	`repaired` integer NOT NULL,
	`notes` text NOT NULL,
	`written_back_at` integer,
	`personalized_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`template_id`) REFERENCES `templates`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`recipient_id`) REFERENCES `recipients`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "passes_state" CHECK("passes"."state" in ('active', 'uninstalled', 'deleted')),
	CONSTRAINT "passes_external_id_rule" CHECK("passes"."external_id_rule" in ('set', 'leave', 'account')),
	CONSTRAINT "passes_version" CHECK("passes"."version" >= 1)
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `passes_one_per_recipient` ON `passes` (`template_id`,`recipient_id`) WHERE "passes"."reusable" = 1 and "passes"."state" <> 'deleted';--> statement-breakpoint
CREATE INDEX `passes_account` ON `passes` (`account_id`,`serial`);--> statement-breakpoint
CREATE INDEX `passes_template` ON `passes` (`template_id`,`serial`);--> statement-breakpoint
CREATE TABLE `push_counts` (
	`pass_type_identifier` text NOT NULL,
	`outcome` text NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`pass_type_identifier`, `outcome`)
) STRICT;
--> statement-breakpoint
CREATE TABLE `recipient_identifiers` (
	`account_id` text NOT NULL,
	`kind` text NOT NULL,
	`value` text NOT NULL,
	`recipient_id` text NOT NULL,
	PRIMARY KEY(`account_id`, `kind`, `value`),
	FOREIGN KEY (`recipient_id`) REFERENCES `recipients`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "recipient_identifiers_kind" CHECK("recipient_identifiers"."kind" in ('klaviyoId', 'externalId', 'email', 'phone'))
) STRICT;
--> statement-breakpoint
CREATE INDEX `recipient_identifiers_recipient` ON `recipient_identifiers` (`recipient_id`);--> statement-breakpoint
CREATE TABLE `recipients` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`name` text,
	`email` text,
	`phone` text,
	`external_id` text,
	`klaviyo_id` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `recipients_account` ON `recipients` (`account_id`);--> statement-breakpoint
CREATE TABLE `registrations` (
	`device_id` text NOT NULL,
	`pass_type_identifier` text NOT NULL,
	`serial` text NOT NULL,
	`registered_at` integer NOT NULL,
	PRIMARY KEY(`device_id`, `pass_type_identifier`, `serial`),
	FOREIGN KEY (`serial`) REFERENCES `passes`(`serial`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`device_id`,`pass_type_identifier`) REFERENCES `devices`(`device_id`,`pass_type_identifier`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE INDEX `registrations_serial` ON `registrations` (`serial`);--> statement-breakpoint
CREATE TABLE `rejected_requests` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`account_id` text,
	`at` integer NOT NULL,
	`route` text NOT NULL,
	`flow_id` text,
	`status` integer NOT NULL,
	`error` text NOT NULL,
	`details` text NOT NULL,
	`body` text NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `rejected_requests_account` ON `rejected_requests` (`account_id`,`id`);--> statement-breakpoint
CREATE TABLE `sandbox_requests` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`account_id` text NOT NULL,
	`at` integer NOT NULL,
	`method` text NOT NULL,
	`path` text NOT NULL,
	`body` text NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `sandbox_requests_account` ON `sandbox_requests` (`account_id`,`id`);--> statement-breakpoint
CREATE TABLE `signing_identities` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`pass_type_identifier` text NOT NULL,
	`team_identifier` text NOT NULL,
	`certificate_pem` text NOT NULL,
	`intermediate_pem` text NOT NULL,
	`private_key_encrypted` text NOT NULL,
	`fingerprint` text NOT NULL,
	`development` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `signing_identities_fingerprint` ON `signing_identities` (`account_id`,`fingerprint`);--> statement-breakpoint
CREATE TABLE `template_images` (
	`template_id` text NOT NULL,
	`version` integer NOT NULL,
	`name` text NOT NULL,
	`sha256` text NOT NULL,
	PRIMARY KEY(`template_id`, `version`, `name`),
	FOREIGN KEY (`sha256`) REFERENCES `images`(`sha256`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`template_id`,`version`) REFERENCES `template_versions`(`template_id`,`version`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE TABLE `template_versions` (
	`template_id` text NOT NULL,
	`version` integer NOT NULL,
	`definition` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`template_id`, `version`),
	FOREIGN KEY (`template_id`) REFERENCES `templates`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE TABLE `templates` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`name` text NOT NULL,
	`current_version` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `templates_account` ON `templates` (`account_id`,`id`);