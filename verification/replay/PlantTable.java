import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Looks after the recorded plants without replaying them, and keeps their table in docs/verification.md. */
final class PlantTable {
    private static final String BEGIN = "<!-- plants: written by verification/plants.sh --table -->\n";
    private static final String END = "<!-- end of plants -->\n";

    private final Path top;
    private final List<Plant> plants;

    private PlantTable(Path top) throws IOException {
        this.top = top;
        this.plants = Plant.all(top);
    }

    public static void main(String[] args) throws IOException {
        PlantTable table = new PlantTable(Path.of(args[1]));
        switch (args[0]) {
            case "--check" -> table.check();
            case "--table" -> Files.writeString(table.page(), table.current());
            case "--some" -> System.out.println(table.some(Integer.parseInt(args[2]), args[3]));
            case "--modules" ->
                System.out.println(table.modules(Arrays.asList(args).subList(2, args.length)));
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private void check() throws IOException {
        List<String> wrong = new ArrayList<>();
        List<String> sections = Stream.of(
                        Files.readString(top.resolve("docs/guarantees.md")).split("\n## "))
                .skip(1)
                .map(section -> section.lines().findFirst().orElseThrow())
                .toList();
        for (Plant plant : plants) {
            try {
                check(plant, sections);
            } catch (IllegalArgumentException e) {
                wrong.add(e.getMessage());
            }
        }
        sections.stream()
                .filter(section ->
                        plants.stream().noneMatch(plant -> plant.guarantee().equals(section)))
                .forEach(section -> System.out.println("nothing is planted yet against '" + section + "'"));
        if (!current().equals(Files.readString(page()))) {
            wrong.add("docs/verification.md: its table is not that of the plants; run verification/plants.sh --table");
        }
        wrong.forEach(System.out::println);
        System.out.println(plants.size() + " plants, " + wrong.size() + " complaints");
        System.exit(wrong.isEmpty() ? 0 : 1);
    }

    private void check(Plant plant, List<String> sections) throws IOException {
        String source = Files.readString(top.resolve(plant.file()));
        if (plant.applyTo(source).equals(source)) {
            throw new IllegalArgumentException(plant.name() + ": the new text is the old text");
        }
        if (!sections.contains(plant.guarantee())) {
            throw new IllegalArgumentException(
                    plant.name() + ": docs/guarantees.md has no section '" + plant.guarantee() + "'");
        }
        plant.testFile(top);
    }

    /** So many of the plants, the same ones for each run on a commit. */
    private String some(int count, String commit) {
        List<Plant> mixed = new ArrayList<>(plants);
        mixed.removeIf(Plant::isSlow);
        Collections.shuffle(mixed, new Random(Long.parseLong(commit.substring(0, 12), 16)));
        return String.join(" ", mixed.stream().limit(count).map(Plant::name).toList());
    }

    /** The modules that plants change, and those whose tests see it, as Maven takes them. */
    private String modules(List<String> names) throws IOException {
        TreeSet<String> modules = new TreeSet<>();
        for (Plant plant : Plant.named(top, names)) {
            modules.add(plant.changedModule());
            modules.add(plant.module());
        }
        return String.join(",", modules);
    }

    private Path page() {
        return top.resolve("docs/verification.md");
    }

    /** The page with the table as the plants have it now. */
    private String current() throws IOException {
        String page = Files.readString(page());
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END);
        if (begin < BEGIN.length() || end < begin) {
            throw new IllegalArgumentException("docs/verification.md: the marks around the table are not there");
        }
        return page.substring(0, begin) + table() + page.substring(end);
    }

    private String table() {
        StringBuilder table = new StringBuilder("\n" + plants.size() + " plants:\n\n");
        table.append("| guarantee | file | the fault | red |\n| --- | --- | --- | --- |\n");
        plants.stream()
                .sorted(Comparator.comparing(Plant::guarantee).thenComparing(Plant::name))
                .forEach(plant -> table.append(String.format(
                        "| %s | `%s` | %s | `%s` |%n",
                        plant.guarantee(),
                        Plant.withoutEnding(plant.file().substring(plant.file().lastIndexOf('/') + 1)),
                        plant.fault().replace("|", "\\|"),
                        plant.test())));
        return table.append("\n").toString().replace("\r\n", "\n");
    }
}
