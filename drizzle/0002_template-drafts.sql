CREATE TABLE `template_draft_images` (
	`template_id` text NOT NULL,
	`admin_id` text NOT NULL,
	`name` text NOT NULL,
	`bytes` blob NOT NULL,
	`made` integer NOT NULL,
	PRIMARY KEY(`template_id`, `admin_id`, `name`),
	FOREIGN KEY (`template_id`,`admin_id`) REFERENCES `template_drafts`(`template_id`,`admin_id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE TABLE `template_drafts` (
	`template_id` text NOT NULL,
	`admin_id` text NOT NULL,
	`account_id` text NOT NULL,
	`based_on` integer NOT NULL,
	`design` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`template_id`, `admin_id`),
	FOREIGN KEY (`admin_id`) REFERENCES `admins`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `template_drafts_admin` ON `template_drafts` (`account_id`,`admin_id`,`updated_at`);--> statement-breakpoint
ALTER TABLE `template_versions` ADD `author` text;