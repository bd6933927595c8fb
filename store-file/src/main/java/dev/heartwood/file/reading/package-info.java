/**
 * Programs that look at a store and change none of its files: read-only, following it live, and making a backup.
 *
 * <p>Begin with {@link dev.heartwood.file.reading.FileReader}, which reads the newest durable tree beside a holder or
 * alone; {@code Follower} shows each newer state of a store that another program has open.
 *
 * <p>Uses: {@code context}, {@code disk}, {@code journal}, {@code recovery}, {@code text}.
 */
@NullMarked
package dev.heartwood.file.reading;

import org.jspecify.annotations.NullMarked;
