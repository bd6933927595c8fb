/**
 * Programs that look at a store and change none of its files: read-only, following it live, and making a backup.
 *
 * <p>Begin with {@link dev.heartwood.file.reading.FileReader}, which reads the newest durable tree beside a holder or alone.
 *
 * <p>Uses: {@code context}, {@code disk}, {@code journal}, {@code recovery}, {@code text}.
 */
@NullMarked
package dev.heartwood.file.reading;

import org.jspecify.annotations.NullMarked;
