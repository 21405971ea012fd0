//go:build bootstrap

package knowledge

// Empty tables, for building the generator without the tables that it writes.
var (
	clientTable          []Client
	idleImageTable       []IdleImage
	proxyTable           []Proxy
	forwarderTable       []Forwarder
	switchTable          []Switch
	operationTable       []Operation
	airflowFamilyTable   []AirflowFamily
	airflowCommandTable  []AirflowCommand
	airflowExecutorTable []AirflowExecutor
	airflowKeyTable      []AirflowKey
	airflowSettingTable  []AirflowSetting
	airflowHealthTable   []AirflowHealthPath
	userContractTable    []UserContract
	rootImageTable       []RootImages
	portTable            []Port
	tagWordTable         []TagWord
	credentialTable      []Credential
	openSettingTable     []OpenSetting
	imageHealthTable     []ImageHealth
	retiredTable         []RetiredImage
	officialTable        []OfficialImages
	grantTable           []HostGrant
	recipeTable          []Recipe
)
