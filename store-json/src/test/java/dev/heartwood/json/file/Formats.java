package dev.heartwood.json.file;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.heartwood.Dialect;
import dev.heartwood.Store;
import dev.heartwood.StoreException;
import dev.heartwood.tree.Nodes;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

final class Formats {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    static TreeFormat format() {
        return new TreeFormat() {
            @Override
            public Dialect dialect() {
                return Dialect.ANYTHING;
            }

            @Override
            public void pretty(HashMap<String, Object> tree, OutputStream out) throws IOException {
                out.write(MAPPER.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(java(tree)));
            }

            @Override
            public void write(Object value, OutputStream out) throws IOException {
                out.write(MAPPER.writeValueAsBytes(java(value)));
            }

            @Override
            public HashMap<String, Object> read(InputStream in) {
                try {
                    return Store.of(MAPPER.readValue(in.readAllBytes(), Map.class))
                            .snapshot()
                            .root();
                } catch (IOException e) {
                    throw new StoreException(e.getMessage(), e);
                }
            }

            @Override
            public Object readValue(String text) {
                try {
                    return Store.of(Map.of("x", MAPPER.readValue(text, Object.class)))
                            .snapshot()
                            .root()
                            .get("x")
                            .get();
                } catch (IOException e) {
                    throw new StoreException(e.getMessage(), e);
                }
            }
        };
    }

    private static Object java(Object node) {
        if (node instanceof HashMap) {
            Map<String, Object> map = new TreeMap<>();
            Nodes.map(node).forEach(entry -> map.put(entry._1, java(entry._2)));
            return map;
        } else if (node instanceof Vector) {
            List<Object> list = new ArrayList<>();
            Nodes.list(node).forEach(element -> list.add(java(element)));
            return list;
        }
        return node;
    }
}
