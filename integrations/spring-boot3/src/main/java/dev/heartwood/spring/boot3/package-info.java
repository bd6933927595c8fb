/** The health of a store on Spring Boot 3.5, whose classes for that have other names than those of Spring Boot 4. */
@NullMarked
package dev.heartwood.spring.boot3;

import org.jspecify.annotations.NullMarked;
