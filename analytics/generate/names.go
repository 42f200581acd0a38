package generate

import (
	"math/rand/v2"
	"strconv"
)

// Names are made of parts, so that no real brand is meant.
var (
	brandFirst  = []string{"Amber", "Cobalt", "Copper", "Juniper", "Marble", "Saffron", "Velvet", "Willow"}
	brandSecond = []string{"Griddle", "Kettle", "Ladle", "Noodle", "Rôtisserie", "Skillet", "Tandoor", "Taquería"}

	streetFirst  = []string{"Bridge", "Canal", "Church", "Elm", "Garden", "Harbor", "Market", "Mill", "Oak", "Station"}
	streetSecond = []string{"Corner", "Road", "Square", "Street"}
	mallFirst    = []string{"Hilltop", "Lakeside", "Meadow", "Orchard", "Riverside"}
	campuses     = []string{"Science Park", "Student Union", "University Library"}
)

// formats is weighted by repetition.
var formats = []string{
	"street", "street", "street", "street", "street", "mall", "mall", "drive-through", "drive-through", airport, "campus",
}

const airport = "airport"

// city is one that lies in a zone.
type city struct{ name, region string }

// cities has some for every zone that stores are given.
var cities = map[string][]city{
	"America/Chicago":     {{"Chicago", "Midwest"}, {"Milwaukee", "Midwest"}, {"Minneapolis", "Midwest"}, {"Dallas", "South"}, {"Houston", "South"}, {"Nashville", "South"}},
	"America/New_York":    {{"Boston", "Northeast"}, {"New York", "Northeast"}, {"Philadelphia", "Northeast"}, {"Atlanta", "South"}, {"Charlotte", "South"}, {"Miami", "South"}},
	"America/Los_Angeles": {{"Los Angeles", "Pacific"}, {"Portland", "Pacific"}, {"San Diego", "Pacific"}, {"Seattle", "Pacific"}},
	"America/Denver":      {{"Albuquerque", "Mountain"}, {"Denver", "Mountain"}, {"Salt Lake City", "Mountain"}},
	"America/Phoenix":     {{"Mesa", "Mountain"}, {"Phoenix", "Mountain"}, {"Tucson", "Mountain"}},
	"America/Boise":       {{"Boise", "Mountain"}, {"Nampa", "Mountain"}},
	"America/Anchorage":   {{"Anchorage", "Pacific"}, {"Fairbanks", "Pacific"}},
	"Pacific/Honolulu":    {{"Hilo", "Pacific"}, {"Honolulu", "Pacific"}},
	"America/Puerto_Rico": {{"Mayagüez", "Caribbean"}, {"San Juan", "Caribbean"}},
	"Europe/London":       {{"London", "Europe"}, {"Manchester", "Europe"}},
	"Asia/Beirut":         {{"Beirut", "Middle East"}, {"Sidon", "Middle East"}},
	"Asia/Kolkata":        {{"Bengaluru", "India"}, {"Mumbai", "India"}},
}

// drawBrands returns the brands of the chain, the most frequent first.
func drawBrands(random *rand.Rand) []string {
	firsts, seconds := random.Perm(len(brandFirst)), random.Perm(len(brandSecond))
	var brands []string
	for i := range 6 {
		brands = append(brands, brandFirst[firsts[i]]+" "+brandSecond[seconds[i]])
	}
	return brands
}

// drawPlace returns where in its city a store of a format is.
func drawPlace(random *rand.Rand, format string) string {
	one := func(list []string) string { return list[random.IntN(len(list))] }
	switch format {
	case "mall":
		return one(mallFirst) + " Mall"
	case "drive-through":
		return "Exit " + strconv.Itoa(1+random.IntN(60))
	case airport:
		return "Airport Terminal " + string(rune('A'+random.IntN(5)))
	case "campus":
		return one(campuses)
	default:
		return one(streetFirst) + " " + one(streetSecond)
	}
}
