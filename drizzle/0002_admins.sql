CREATE TABLE `admin_links` (
	`id` text PRIMARY KEY NOT NULL,
	`token_hash` text NOT NULL,
	`kind` text NOT NULL,
	`email` text,
	`role` text,
	`admin_id` text,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer,
	FOREIGN KEY (`admin_id`) REFERENCES `admins`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "admin_links_kind" CHECK("admin_links"."kind" in ('setup', 'invite', 'reset', 'sign-in')),
	CONSTRAINT "admin_links_role" CHECK("admin_links"."role" in ('owner', 'editor', 'viewer')),
	CONSTRAINT "admin_links_invite" CHECK(("admin_links"."kind" = 'invite') = ("admin_links"."email" is not null and "admin_links"."role" is not null)),
	CONSTRAINT "admin_links_admin" CHECK(("admin_links"."kind" in ('reset', 'sign-in')) = ("admin_links"."admin_id" is not null))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `admin_links_token` ON `admin_links` (`token_hash`);--> statement-breakpoint
CREATE INDEX `admin_links_expiry` ON `admin_links` (`expires_at`);--> statement-breakpoint
CREATE TABLE `admin_sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`token_hash` text NOT NULL,
	`admin_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`last_seen_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`user_agent` text NOT NULL,
	`address` text NOT NULL,
	FOREIGN KEY (`admin_id`) REFERENCES `admins`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `admin_sessions_token` ON `admin_sessions` (`token_hash`);--> statement-breakpoint
CREATE INDEX `admin_sessions_admin` ON `admin_sessions` (`admin_id`,`last_seen_at`);--> statement-breakpoint
CREATE INDEX `admin_sessions_expiry` ON `admin_sessions` (`expires_at`);--> statement-breakpoint
CREATE TABLE `admins` (
	`id` text PRIMARY KEY NOT NULL,
	`email` text NOT NULL,
	`password_hash` text NOT NULL,
	`role` text NOT NULL,
	`created_at` integer NOT NULL,
	`disabled_at` integer,
	CONSTRAINT "admins_email_case" CHECK("admins"."email" = lower("admins"."email")),
	CONSTRAINT "admins_role" CHECK("admins"."role" in ('owner', 'editor', 'viewer'))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `admins_email` ON `admins` (`email`);