// The guide of a service or a bundle.
import "./ui/speech.js";
