/**
 * A store as a bean of Spring Boot, from {@code heartwood.*} properties.
 *
 * <p>{@link dev.heartwood.spring.boot.HeartwoodProperties} names the properties;
 * {@link dev.heartwood.spring.boot.HeartwoodAutoConfiguration} says which beans customize the stores.
 */
@NullMarked
package dev.heartwood.spring.boot;

import org.jspecify.annotations.NullMarked;
