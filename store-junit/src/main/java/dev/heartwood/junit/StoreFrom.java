package dev.heartwood.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The JSON document that the store of a test starts with. On a parameter, a method, or a class, also one around it; the
 * nearest one counts. Without it a store starts empty.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.PARAMETER, ElementType.METHOD, ElementType.TYPE})
public @interface StoreFrom {
    /**
     * Where the document is: a resource beside the test class ({@code "doc.json"}) or at the root of the class path
     * ({@code "/doc.json"}), or else a file, from the working directory.
     */
    String value();
}
