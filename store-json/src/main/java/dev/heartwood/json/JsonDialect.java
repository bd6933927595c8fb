package dev.heartwood.json;

import dev.heartwood.Dialect;
import java.math.BigDecimal;
import java.math.BigInteger;

/** The values that a JSON document can hold, in the form in which it is read back. */
final class JsonDialect implements Dialect {
    private final Limits limits;
    private final Decimals decimals;

    JsonDialect(Limits limits, Decimals decimals) {
        this.limits = limits;
        this.decimals = decimals;
    }

    @Override
    public Object admit(Object leaf) {
        try {
            return form(leaf);
        } catch (InvalidJsonException e) {
            throw new IllegalArgumentException(e.getMessage());
        }
    }

    @Override
    public void admitKey(String key) {
        if (key.length() > limits.key()) {
            throw new IllegalArgumentException(JsonErrors.keyTooLong(key, limits));
        }
    }

    private Object form(Object leaf) {
        if (leaf instanceof String string) {
            if (string.length() > limits.string()) {
                throw new InvalidJsonException(JsonErrors.stringTooLong(string, limits));
            }
        } else if (leaf instanceof Double d) {
            return decimals == Decimals.EXACT ? DecimalLiteral.exact(d) : d;
        } else if (leaf instanceof BigDecimal decimal) {
            return decimal(decimal);
        } else if (leaf instanceof BigInteger whole) {
            JsonErrors.requireWritable(whole, limits);
        } else if (!(leaf instanceof Long) && !(leaf instanceof Boolean)) {
            throw new InvalidJsonException(
                    "a " + leaf.getClass().getName() + " is no JSON value: map it with JsonMapping");
        }
        return leaf;
    }

    private Number decimal(BigDecimal decimal) {
        Number form = decimals == Decimals.EXACT ? decimal : DecimalLiteral.canonical(decimal);
        if (form instanceof BigDecimal) {
            JsonErrors.requireWritable(decimal, limits);
        }
        return form;
    }
}
