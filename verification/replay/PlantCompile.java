import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Compiles each plant in a compiled copy of the repository, and runs no test: a plant that no longer compiles proves nothing. */
final class PlantCompile {
    private PlantCompile() {}

    /** The copy, an empty folder, and the names of plants; without names, all of them. */
    public static void main(String[] args) throws Exception {
        PlantCopy copy = new PlantCopy(Path.of(args[0]), Path.of(args[1]));
        List<Plant> plants = Plant.named(copy.top(), Arrays.asList(args).subList(2, args.length));
        List<String> wrong = new ArrayList<>();
        for (Plant plant : plants) {
            Path classes = Files.createDirectory(copy.scratch().resolve("classes-" + plant.name()));
            String errors = copy.compile(plant, classes);
            PlantCopy.delete(classes);
            if (!errors.isEmpty()) {
                wrong.add(plant.name() + ": " + errors);
            }
        }
        System.out.println(plants.size() + " plants, " + wrong.size() + " do not compile");
        wrong.forEach(System.out::println);
        System.exit(wrong.isEmpty() ? 0 : 1);
    }
}
