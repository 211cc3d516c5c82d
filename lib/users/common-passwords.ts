/**
 * What people choose when they must choose something: the stems of the often-used passwords that twelve characters
 * still allow. `password-rules.ts` compares after it has taken digits, symbols and look-alikes off.
 */
const stems = `
aabbccddeeff abcabcabc abcdabcd abcdefgh abcdefghijkl abracadabra access adminadmin adminadminadmin
administrateur administrator administrator1 administratorpassword adminpassword alexander alexandra amanda
america amsterdam andrew angel angels anthony anthropicclaude april arsenalfc asdfasdf asdfghjkl ashley asshole
august australia autumn banana barcelona baseball batman battery bayernmunich benjamin berlin beyonce
blahblahblah blessed blink bullshit business butterfly california callofduty canada catherine change changeme
changemenow changemeplease changethispassword charizard charlie chelseafc chevrolet chewbacca chicago
chicagobulls chocolate christian christopher claudecode college company computer contrasena cookie cookies
correct correcthorsebatterystaple corvette counterstrike cupcake dallascowboys daniel darthvader database
december default defaultpassword demo demopassword developer development docker donald dragon elizabeth eminem
engineer england example examplepassword february ferrari finalfantasy flower flowers football forgetmenot
fortnite france freedom friday frodo fuckoff fuckyou fuckyoufuckyou gameboy gandalf germany gladiator godisgood
godislove goodmorning goodnight goodpassword greenbaypackers gryffindor guest happybirthday harley
harleydavidson harrypotter heaven hellohello hellokitty helloworld helpdesk hogwarts homework horse hunter
ihateyou ilovejesus iloveyou iloveyoubaby iloveyouforever iloveyousomuch iloveyoutoo internet ironmaiden january
jennifer jessica jesuschrist jesuslovesme jonathan jordan joshua july june justinbieber juventus katherine
kawasaki kubernetes ladygaga lakers leagueoflegends letmein letmeinletmein letmeinnow letmeinplease library
linkinpark liverpool liverpoolfc lkjhgfdsa localhost login london lordoftherings losangeles lovelovelove
lukeskywalker manchester manchesterunited march master masterpassword matrix matthew maximilian may mercedes
merrychristmas metallica michael michaeljackson michaeljordan minecraft mnbvcxz mnbvcxzlkjhgfdsa monday monkey
motdepasse motherfucker mustang mypassword mypasswordis mysql neverforget nevermind newpassword newyork
newyorkcity newyorkyankees nexuspassword nexusproxypassword nicholas nintendo nirvana nopassword
nopasswordneeded november october office oldpassword onedirection onetwothree onetwothreefour openai opensesame
opensource oracle orange paris password password1password passwordless passwordone passwordpassword passwordtwo
passwort patrick peanut pikachu playstation playstation2 pleasechangeme pleasechangethis poiuytrewq pokemon
porsche postgres postgresql princess production programmer proxypassword proxyproxyproxy qazwsx qazwsxedc
qazwsxedcrfv qwertyasdfgh qwertyqwerty qwertyuiop qwertyuiopasdfghjkl rainbow realmadrid rememberme richard
robert root rootpassword samantha sample samplepassword saturday school sebastian secret secretpassword
securepassword security senha sephiroth september server service shadow skywalker slipknot slytherin spiderman
spring staging staple starcraft starwars starwarsfan stephanie strawberry strongpass strongpassword student
summer sunday sunflower sunshine superman supermario supersecret supersecretpassword support suzuki system
teacher temporary temppass terminator test tester testing testpassword thisisapassword thisismypassword thomas
threetwoone thursday topsecret trustno tuesday university user username userpassword vanilla verysecret
verysecurepassword victoria wachtwoord warcraft wednesday welcome whatever whateverwhatever william winter
worldofwarcraft xbox yamaha yankees yourpassword zaqwsx zaqxswcde zelda zxcvbnm zxcvbnmasdfghjkl
`

export const commonPasswords: ReadonlySet<string> = new Set(stems.trim().split(/\s+/))
