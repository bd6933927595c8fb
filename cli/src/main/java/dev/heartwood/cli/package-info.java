/**
 * The command line tool: {@link dev.heartwood.cli.Main} runs it, {@link dev.heartwood.cli.HeartwoodCommand} names its
 * commands.
 */
@NullMarked
package dev.heartwood.cli;

import org.jspecify.annotations.NullMarked;
