/** The provider by which {@link dev.heartwood.log.LogAddress} finds the engine. */
@NullMarked
package dev.heartwood.redis.engine;

import org.jspecify.annotations.NullMarked;
